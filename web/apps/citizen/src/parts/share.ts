/** Hands an address on: by the phone's own sheet where there is one, else to the clipboard. */
export async function share(title: string, path: string): Promise<"shared" | "copied" | "not"> {
  const url = new URL(path, location.origin).href;
  try {
    if ("share" in navigator && navigator.maxTouchPoints > 0) {
      await navigator.share({ title, url });
      return "shared";
    }
    await navigator.clipboard.writeText(url);
    return "copied";
  } catch {
    // Closed by the person, or not allowed here: the address stands in the bar.
    return "not";
  }
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
