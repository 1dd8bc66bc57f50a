/** Receipt numbers of reports that this phone sent, by the report's own id: the outbox forgets what the server has. */
import { storage } from "./store.ts";

export async function keepReceipt(id: string, receiptNo: string): Promise<void> {
  await (await storage()).put("receipts", { id, receiptNo });
}

export async function receiptOf(id: string): Promise<string | null> {
  return (await (await storage()).get("receipts", id))?.receiptNo ?? null;
}
