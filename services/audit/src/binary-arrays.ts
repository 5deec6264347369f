/**
 * One column of many rows as one parameter, in the form in which PostgreSQL sends and receives arrays. The driver passes a Buffer as it is.
 * Against an array of JSON records the server has no text to take apart, nothing is escaped or turned into base64, and a row costs both
 * sides half.
 */
export type BinaryArray = Buffer;

/** For `::text[]`; null is NULL. */
export const toTextArray = (values: readonly (string | null)[]): BinaryArray =>
  toArray(25, values, Buffer.byteLength, (buffer, value, at) => buffer.write(value, at));

/** For `::bytea[]`. */
export const toBytesArray = (values: readonly Uint8Array[]): BinaryArray =>
  toArray(
    17,
    values,
    (value) => value.length,
    (buffer, value, at) => buffer.set(value, at),
  );

/** For `::uuid[]`; each as text with its hyphens. */
export const toUuidArray = (values: readonly string[]): BinaryArray =>
  toArray(
    2950,
    values,
    () => 16,
    (buffer, value, at) => buffer.write(value.replaceAll('-', ''), at, 'hex'),
  );

/** For `::boolean[]`. */
export const toBooleanArray = (values: readonly boolean[]): BinaryArray =>
  toArray(
    16,
    values,
    () => 1,
    (buffer, value, at) => buffer.writeUInt8(value ? 1 : 0, at),
  );

/** For `::integer[]`. */
export const toIntegerArray = (values: readonly number[]): BinaryArray =>
  toArray(
    23,
    values,
    () => 4,
    (buffer, value, at) => buffer.writeInt32BE(value, at),
  );

/** For `::timestamptz[]`, which counts microseconds from the year 2000 on; null is NULL. */
export const toTimeArray = (values: readonly (Date | null)[]): BinaryArray =>
  toArray(
    1184,
    values,
    () => 8,
    (buffer, value, at) => buffer.writeBigInt64BE(BigInt(value.getTime() - YEAR_2000) * 1000n, at),
  );

const YEAR_2000 = Date.UTC(2000);
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;

/** `oid` is that of the type of an element. */
function toArray<T>(
  oid: number,
  values: readonly (T | null)[],
  sizeOf: (value: T) => number,
  write: (buffer: Buffer, value: T, at: number) => void,
): BinaryArray {
  let size = HEADER_BYTES;
  for (const value of values) size += LENGTH_BYTES + (value === null ? 0 : sizeOf(value));
  const buffer = Buffer.allocUnsafe(size);
  // Dimensions, whether there are NULLs, type, elements, number of the first.
  const header = [1, values.includes(null) ? 1 : 0, oid, values.length, 1];
  for (const [place, word] of header.entries()) buffer.writeInt32BE(word, place * 4);
  let at = HEADER_BYTES;
  for (const value of values) {
    const length = value === null ? -1 : sizeOf(value);
    at = buffer.writeInt32BE(length, at);
    if (value === null) continue;
    write(buffer, value, at);
    at += length;
  }
  return buffer;
}
