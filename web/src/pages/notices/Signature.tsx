// A field to sign in, by finger, pen or mouse; its value is a PNG.

import { Button } from "antd";
import { type PointerEvent, useRef } from "react";
import { useWords } from "@/words";
import { words } from "./words";

interface Props {
  value?: File | undefined;
  onChange?: (file: File | undefined) => void;
}

const WIDTH = 420;
const HEIGHT = 140;

/** The field. */
export function Signature({ value, onChange }: Props) {
  const w = useWords(words);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(false);

  const place = (event: PointerEvent<HTMLCanvasElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    return [
      ((event.clientX - box.left) * WIDTH) / box.width,
      ((event.clientY - box.top) * HEIGHT) / box.height,
    ];
  };
  const begin = (event: PointerEvent<HTMLCanvasElement>) => {
    const pen = canvas.current?.getContext("2d");
    event.currentTarget.setPointerCapture(event.pointerId);
    drawing.current = true;
    pen?.beginPath();
    pen?.moveTo(...place(event));
  };
  const go = (event: PointerEvent<HTMLCanvasElement>) => {
    const pen = canvas.current?.getContext("2d");
    if (drawing.current && pen) {
      pen.lineWidth = 2.5;
      pen.lineCap = "round";
      pen.strokeStyle = "#111";
      pen.lineTo(...place(event));
      pen.stroke();
    }
  };
  const end = () => {
    drawing.current = false;
    canvas.current?.toBlob((blob) => {
      if (blob) {
        onChange?.(new File([blob], "signature.png", { type: "image/png" }));
      }
    }, "image/png");
  };
  const clear = () => {
    canvas.current?.getContext("2d")?.clearRect(0, 0, WIDTH, HEIGHT);
    onChange?.(undefined);
  };
  return (
    <div>
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={w.signature}
        data-testid="signature"
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={end}
        style={{
          width: "100%",
          background: "#fff",
          border: "1px solid #bbb",
          borderRadius: 6,
          touchAction: "none",
        }}
      />
      <Button type="link" size="small" disabled={value === undefined} onClick={clear}>
        {w.clear}
      </Button>
    </div>
  );
}
