// What a phone takes down beside words: a photograph, a signature, a place.

import { CameraOutlined, EnvironmentOutlined } from "@ant-design/icons";
import { Button, Flex, Switch, Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import type { Schema } from "@/api";
import { useWords } from "@/words";
import type { Place } from "./useField";
import { words } from "./words";

export type DeedFile = Schema<"DeedFile">;

/** Pixels of the longer side of a photograph. */
const SIDE = 1600;

function asFile(canvas: HTMLCanvasElement, name: string, type: "image/jpeg" | "image/png"): DeedFile {
  const url = canvas.toDataURL(type, 0.8);
  return { name, media_type: type, data: url.slice(url.indexOf(",") + 1) };
}

async function shrunk(file: File): Promise<DeedFile> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return asFile(canvas, "photo.jpg", "image/jpeg");
}

/** A photograph by the camera, made small enough to be carried. */
export function Photo({
  value,
  onChange,
}: {
  value?: DeedFile | undefined;
  onChange?: (file: DeedFile) => void;
}) {
  const w = useWords(words);
  const input = useRef<HTMLInputElement>(null);
  return (
    <Flex gap={12} align="center">
      <input
        ref={input}
        className="dh-hidden"
        type="file"
        accept="image/*"
        capture="environment"
        aria-label={w.photo}
        onChange={async (event) => {
          const file = event.target.files?.[0];
          if (file) {
            onChange?.(await shrunk(file));
          }
        }}
      />
      <Button size="large" icon={<CameraOutlined />} onClick={() => input.current?.click()}>
        {value ? w.photoTaken : w.takePhoto}
      </Button>
      {value && <img alt={w.photo} height={56} src={`data:${value.media_type};base64,${value.data}`} />}
    </Flex>
  );
}

/** A signature with the finger. */
export function Signature({
  value,
  onChange,
}: {
  value?: DeedFile | undefined;
  onChange?: (file: DeedFile | undefined) => void;
}) {
  const w = useWords(words);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(false);

  useEffect(() => {
    const pad = canvas.current;
    if (pad) {
      pad.width = pad.clientWidth;
      pad.height = pad.clientHeight;
    }
  }, []);

  const at = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top] as const;
  };
  const pen = () => {
    const context = canvas.current?.getContext("2d") ?? null;
    if (context) {
      context.lineWidth = 2.5;
      context.lineCap = "round";
      context.strokeStyle = "#111";
    }
    return context;
  };
  const clear = () => {
    const pad = canvas.current;
    pad?.getContext("2d")?.clearRect(0, 0, pad.width, pad.height);
    onChange?.(undefined);
  };
  return (
    <div>
      <canvas
        ref={canvas}
        role="img"
        aria-label={w.signHere}
        style={{
          width: "100%",
          height: 160,
          background: "#fff",
          border: "1px solid #999",
          borderRadius: 6,
          touchAction: "none",
          display: "block",
        }}
        onPointerDown={(event) => {
          drawing.current = true;
          event.currentTarget.setPointerCapture(event.pointerId);
          const context = pen();
          context?.beginPath();
          context?.moveTo(...at(event));
        }}
        onPointerMove={(event) => {
          if (drawing.current) {
            const context = pen();
            context?.lineTo(...at(event));
            context?.stroke();
          }
        }}
        onPointerUp={() => {
          drawing.current = false;
          if (canvas.current) {
            onChange?.(asFile(canvas.current, "signature.png", "image/png"));
          }
        }}
      />
      <Flex justify="space-between" align="center" style={{ marginTop: 4 }}>
        <Typography.Text type="secondary">{w.signHere}</Typography.Text>
        <Button onClick={clear} disabled={!value}>
          {w.clear}
        </Button>
      </Flex>
    </div>
  );
}

/** The place, when who works there agrees. */
export function PlaceField({
  value,
  onChange,
}: {
  value?: Place | undefined;
  onChange?: (place: Place | undefined) => void;
}) {
  const w = useWords(words);
  const [wanted, setWanted] = useState(false);
  const [failed, setFailed] = useState(false);
  const find = (on: boolean) => {
    setWanted(on);
    setFailed(false);
    onChange?.(undefined);
    if (on) {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) =>
          onChange?.({
            latitude: coords.latitude.toFixed(6),
            longitude: coords.longitude.toFixed(6),
            accuracy_m: Math.round(coords.accuracy),
          }),
        () => setFailed(true),
        { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
      );
    }
  };
  return (
    <Flex gap={8} align="center" wrap>
      <Switch checked={wanted} onChange={find} aria-label={w.place} />
      <EnvironmentOutlined />
      <span>{w.place}</span>
      <Typography.Text type="secondary" aria-live="polite">
        {value ? w.placed(value.accuracy_m) : failed ? w.placeFailed : w.placeHint}
      </Typography.Text>
    </Flex>
  );
}
