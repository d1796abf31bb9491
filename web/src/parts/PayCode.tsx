// 付款码: the QR code of a payment intent, and what became of it.

import { Button, Flex, QRCode, Result, Typography } from "antd";
import type { ReactNode } from "react";
import type { Schema } from "@/api";
import { useWords } from "@/words";
import { grouped } from "./amounts";
import { words } from "./words";

/** The code while the intent is open; afterwards whether it was paid. */
export function PayCode({ intent, actions }: { intent: Schema<"IntentShown">; actions?: ReactNode }) {
  const w = useWords(words);
  if (intent.state !== "open") {
    const paid = intent.state === "paid";
    return (
      <Result
        status={paid ? "success" : "warning"}
        style={{ padding: 16 }}
        title={
          <span role="status">
            {paid ? w.payPaid(grouped(intent.amount)) : w.payEnded[intent.state as "cancelled" | "expired"]}
          </span>
        }
        extra={actions}
      />
    );
  }
  const link = intent.qr_text ?? "";
  return (
    <Flex gap={16} align="center" wrap>
      {link ? (
        <div role="img" aria-label={w.payCode}>
          {/* Black on white in the dark as well: that is what cameras read. */}
          <QRCode type="svg" value={link} size={200} color="#000" bgColor="#fff" />
        </div>
      ) : (
        <Typography.Text type="warning">{w.payNoProvider}</Typography.Text>
      )}
      <Flex vertical gap={8} align="flex-start">
        <Typography.Text type="secondary">{w.payHint}</Typography.Text>
        <span className="dh-num" style={{ fontSize: 28, fontWeight: 600 }}>
          {grouped(intent.amount)} <small>{w.yuan}</small>
        </span>
        <Typography.Text type="secondary" role="status">
          {w.payWaits(intent.expires_at.slice(11, 16))}
        </Typography.Text>
        <Flex gap={8} wrap>
          {/^https?:/.test(link) && <Button href={link}>{w.payOpen}</Button>}
          {actions}
        </Flex>
      </Flex>
    </Flex>
  );
}
