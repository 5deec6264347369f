import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import type { RequestFault } from '@vouch/errors';

/** What `grpc-status-details-bin` carries for one of our errors: google.rpc.Status with ErrorInfo, BadRequest and RetryInfo. */
export interface StatusDetails {
  /** gRPC status number. */
  readonly status: number;
  /** Text for the caller. */
  readonly message: string;
  /** ErrorInfo.reason: our code. */
  readonly reason: string;
  /** ErrorInfo.metadata. */
  readonly metadata: Readonly<Record<string, string>>;
  /** BadRequest.field_violations. */
  readonly faults: readonly RequestFault[];
  /** RetryInfo.retry_delay, milliseconds. */
  readonly retryAfterMs?: number;
}

/** ErrorInfo.domain of our errors. */
const DOMAIN = 'vouch';
const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

/** Most bytes of faults; the details travel in a header, and peers bound headers. Further faults are left out. */
const MOST_FAULT_BYTES = 4096;

/** Field number and wire type 2 (length-delimited) or 0 (varint) as a tag. */
const bytesTag = (field: number): number => (field << 3) | 2;
const varintTag = (field: number): number => field << 3;

/** Encodes google.rpc.Status. */
export function encodeStatusDetails(details: StatusDetails): Buffer {
  const writer = new BinaryWriter();
  writer.uint32(varintTag(1)).int32(details.status);
  writer.uint32(bytesTag(2)).string(details.message);
  writeAny(writer, ERROR_INFO, (info) => {
    info.uint32(bytesTag(1)).string(details.reason).uint32(bytesTag(2)).string(DOMAIN);
    for (const [name, value] of Object.entries(details.metadata)) {
      info.uint32(bytesTag(3)).fork().uint32(bytesTag(1)).string(name).uint32(bytesTag(2)).string(value).join();
    }
  });
  if (details.faults.length > 0) {
    writeAny(writer, BAD_REQUEST, (bad) => {
      let left = MOST_FAULT_BYTES;
      for (const { pointer, detail, code } of details.faults) {
        left -= Buffer.byteLength(pointer) + Buffer.byteLength(detail) + Buffer.byteLength(code) + 8;
        if (left < 0) break;
        bad.uint32(bytesTag(1)).fork();
        bad.uint32(bytesTag(1)).string(pointer).uint32(bytesTag(2)).string(detail).uint32(bytesTag(3)).string(code).join();
      }
    });
  }
  if (details.retryAfterMs !== undefined) {
    const ms = Math.max(0, Math.round(details.retryAfterMs));
    writeAny(writer, RETRY_INFO, (retry) => {
      retry.uint32(bytesTag(1)).fork();
      retry
        .uint32(varintTag(1))
        .int64(Math.floor(ms / 1000))
        .uint32(varintTag(2))
        .int32((ms % 1000) * 1_000_000)
        .join();
    });
  }
  return Buffer.from(writer.finish());
}

function writeAny(writer: BinaryWriter, type: string, write: (writer: BinaryWriter) => void): void {
  writer.uint32(bytesTag(3)).fork().uint32(bytesTag(1)).string(type).uint32(bytesTag(2)).fork();
  write(writer);
  writer.join().join();
}

/** Decodes google.rpc.Status; undefined when it cannot be read or holds no ErrorInfo of ours. Never throws: a peer made the bytes. */
export function decodeStatusDetails(bytes: Uint8Array): StatusDetails | undefined {
  try {
    let status = 0;
    let message = '';
    let reason: string | undefined;
    let retryAfterMs: number | undefined;
    const metadata: Record<string, string> = {};
    const faults: RequestFault[] = [];
    eachField(bytes, (field, reader) => {
      if (field === varintTag(1)) status = reader.int32();
      else if (field === bytesTag(2)) message = reader.string();
      else if (field === bytesTag(3)) {
        const { type, value } = readAny(reader.bytes());
        if (type === ERROR_INFO) reason = readErrorInfo(value, metadata) ?? reason;
        else if (type === BAD_REQUEST) readBadRequest(value, faults);
        else if (type === RETRY_INFO) retryAfterMs = readRetryInfo(value);
        // Details of other kinds are for others.
      } else return false;
      return true;
    });
    return reason === undefined ? undefined : { status, message, reason, metadata, faults, retryAfterMs };
  } catch {
    return undefined;
  }
}

/** Calls `read` with each field's tag; when it returns false the field is passed over. */
function eachField(bytes: Uint8Array, read: (tag: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (!read(tag, reader)) reader.skip(tag & 7, tag >>> 3);
  }
}

/** The text fields of a message by number; others are passed over. */
function readTexts(bytes: Uint8Array): Map<number, string> {
  const texts = new Map<number, string>();
  eachField(bytes, (tag, reader) => {
    if ((tag & 7) !== 2) return false;
    texts.set(tag >>> 3, reader.string());
    return true;
  });
  return texts;
}

function readAny(bytes: Uint8Array): { type: string; value: Uint8Array } {
  let type = '';
  let value: Uint8Array = new Uint8Array();
  eachField(bytes, (tag, reader) => {
    if (tag === bytesTag(1)) type = reader.string();
    else if (tag === bytesTag(2)) value = reader.bytes();
    else return false;
    return true;
  });
  return { type, value };
}

function readErrorInfo(bytes: Uint8Array, metadata: Record<string, string>): string | undefined {
  let reason = '';
  let domain = '';
  eachField(bytes, (tag, reader) => {
    if (tag === bytesTag(1)) reason = reader.string();
    else if (tag === bytesTag(2)) domain = reader.string();
    else if (tag === bytesTag(3)) {
      const entry = readTexts(reader.bytes());
      metadata[entry.get(1) ?? ''] = entry.get(2) ?? '';
    } else return false;
    return true;
  });
  return domain === DOMAIN ? reason : undefined;
}

function readBadRequest(bytes: Uint8Array, faults: RequestFault[]): void {
  eachField(bytes, (tag, reader) => {
    if (tag !== bytesTag(1)) return false;
    const violation = readTexts(reader.bytes());
    faults.push({ pointer: violation.get(1) ?? '', detail: violation.get(2) ?? '', code: violation.get(3) ?? '' });
    return true;
  });
}

function readRetryInfo(bytes: Uint8Array): number | undefined {
  let ms: number | undefined;
  eachField(bytes, (tag, reader) => {
    if (tag !== bytesTag(1)) return false;
    let seconds = 0;
    let nanos = 0;
    eachField(reader.bytes(), (part, duration) => {
      if (part === varintTag(1)) seconds = Number(duration.int64());
      else if (part === varintTag(2)) nanos = duration.int32();
      else return false;
      return true;
    });
    ms = seconds * 1000 + Math.round(nanos / 1_000_000);
    return true;
  });
  return ms;
}
