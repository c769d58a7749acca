// A program's picture, made so small that it can stand in the program's own contract: wallets show
// it and ask nobody else's server for it.

import { useState } from "preact/hooks";

import { Button, Notice } from "../../design/parts";
import { say } from "../../words";
import { FileDrop } from "../parts";

// What is tried, in pixels and as browsers count quality, until it has at most so many bytes: as
// text in a contract they cost a thousand gas each.
const SIDES = [64, 48, 32];
const QUALITIES = [0.9, 0.7, 0.5];
const MOST = 1_900;

export function PictureField({
  value, onChange,
}: {
  value: string;
  onChange: (picture: string) => void;
}) {
  const [fault, setFault] = useState<string | null>(null);
  const [removed, setRemoved] = useState(0);
  const chosen = async (file: File) => {
    const made = await smallPicture(file);
    setFault(made === null ? say("setup.pictureFault") : null);
    if (made !== null) onChange(made);
  };
  const remove = () => {
    onChange("");
    setRemoved(removed + 1);
  };
  return (
    <>
      <FileDrop
        key={removed}
        label={say("setup.picture")}
        accept="image/png,image/jpeg,image/webp"
        onFile={(file) => void chosen(file)}
      />
      <p class="small soft">{say("setup.pictureNote")}</p>
      {fault && <Notice look="bad">{fault}</Notice>}
      {value && (
        <Button look="quiet" onClick={remove}>
          {say("setup.noPicture")}
        </Button>
      )}
    </>
  );
}

// The middle of a picture as a data: URI; null if it is none that this browser can read.
async function smallPicture(file: File): Promise<string | null> {
  const whole = await createImageBitmap(file).catch(() => null);
  if (whole === null) return null;
  for (const side of SIDES) {
    for (const quality of QUALITIES) {
      const blob = await drawn(whole, side, quality);
      if (blob && blob.size <= MOST) return uriOf(blob);
    }
  }
  return null;
}

// A browser that cannot write WebP writes PNG, whatever the quality.
function drawn(whole: ImageBitmap, side: number, quality: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  const part = Math.min(whole.width, whole.height);
  const [left, top] = [(whole.width - part) / 2, (whole.height - part) / 2];
  context.imageSmoothingQuality = "high";
  context.drawImage(whole, left, top, part, part, 0, 0, side, side);
  return new Promise((found) => canvas.toBlob(found, "image/webp", quality));
}

function uriOf(blob: Blob): Promise<string> {
  return new Promise((found, failed) => {
    const reader = new FileReader();
    reader.onload = () => found(String(reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}
