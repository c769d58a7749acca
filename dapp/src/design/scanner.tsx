// Looks for a QR code through the camera. What reads the pictures is loaded when it is needed.

import { useEffect, useRef, useState } from "preact/hooks";

import { say } from "../words";
import { Notice } from "./parts";

const PAUSE = 120;
const WIDEST = 960;

export function Scanner({ found, label }: { found: (text: string) => boolean; label: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);
  const latest = useRef(found);
  latest.current = found;
  useEffect(() => {
    const view = video.current;
    if (view === null) return;
    return scan(view, (text) => latest.current(text), () => setRefused(true));
  }, []);
  if (refused) return <Notice look="warn">{say("pay.noCamera")}</Notice>;
  return (
    <div class="scanner">
      <video ref={video} playsInline muted aria-label={label} />
      <div class="aim" aria-hidden="true" />
      <p>{label}</p>
    </div>
  );
}

// Goes on until a text is the one that was looked for; returns what stops it.
function scan(
  video: HTMLVideoElement, found: (text: string) => boolean, refused: () => void,
): () => void {
  let stopped = false;
  let stream: MediaStream | null = null;
  const stop = () => {
    stopped = true;
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  void (async () => {
    try {
      const wish = { facingMode: "environment", width: { ideal: 1280 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wish });
      if (stopped) return stop();
      video.srcObject = stream;
      await video.play();
    } catch {
      if (!stopped) refused();
      return;
    }
    const { decodeQR } = await import("qr/decode.js");
    const canvas = document.createElement("canvas");
    while (!stopped) {
      const text = textIn(video, canvas, decodeQR);
      if (text !== null && found(text)) return stop();
      await new Promise((wake) => setTimeout(wake, PAUSE));
    }
  })();
  return stop;
}

function textIn(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  decode: (image: ImageData) => string,
): string | null {
  const scale = Math.min(1, WIDEST / video.videoWidth);
  const [width, height] = [video.videoWidth * scale, video.videoHeight * scale].map(Math.floor);
  if (!width || !height) return null;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return null;
  context.drawImage(video, 0, 0, width, height);
  try {
    return decode(context.getImageData(0, 0, width, height));
  } catch {
    return null;
  }
}
