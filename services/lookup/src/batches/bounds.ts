/** Every bound of batches, in one place. `docs/batches.md` lists those that a platform meets, and a test holds the two together. */
export const BOUNDS = {
  /** Rows of one batch. */
  mostRows: 1_000_000,
  /** Bytes of one row. */
  largestRowBytes: 64 * 1024,
  /** Bytes of one upload, after decompression. */
  largestUploadBytes: 1024 * 1024 * 1024,
  /** Batches of one platform that have not ended. */
  mostOpenBatches: 50,
  /** Batches of one platform that are kept, ended ones too. */
  mostKeptBatches: 1_000,
  /** Uploads that one instance receives at once. */
  mostUploads: 8,
  /** … of one platform. */
  mostUploadsOfAPlatform: 4,
  /** How long one upload may take, milliseconds. */
  longestUploadMs: 3_600_000,
  /** Faults told of one row. */
  mostFaultsOfARow: 10,
  /** How long a batch may take from its submission, pauses too; then it is cancelled and its rows are erased. Below the life of a verification's key. */
  longestBatchMs: 6 * 24 * 3_600_000,
  /** How long a batch and its results are kept after its end, milliseconds. */
  keptMs: 90 * 24 * 3_600_000,
} as const;

/** How the rows of a batch are stored: few enough that a chunk is soon over, enough that it costs little each. */
export const CHUNK = {
  mostRows: 100,
  mostBytes: 256 * 1024,
  /** Chunks written by one statement, and the bytes after which it is sent. */
  mostInsert: 10,
  mostInsertBytes: 1024 * 1024,
} as const;

/** How chunks are shared out among instances. */
export const PACE = {
  /** Chunks that one instance works on at once. */
  mostChunks: 4,
  /** Rows of one chunk that are asked at once. */
  mostRowsOfAChunk: 32,
  /** Rows that one instance asks at once while nobody waits for a lookup; `row-slots.ts` says how many beside people. */
  mostRowsAtOnce: 96,
  /** A chunk that is not renewed for this long is taken over, milliseconds. */
  leaseMs: 4_000,
  /** How often leases are renewed, and pausing and cancelling are seen, milliseconds. */
  renewEveryMs: 400,
  /** How often an idle instance looks for chunks, milliseconds. */
  lookEveryMs: 250,
  /** How often the outcomes of a chunk under way are saved, milliseconds. */
  saveEveryMs: 500,
  /** First and longest pause before a row that could not be asked is tried again, milliseconds. */
  firstRetryMs: 250,
  longestRetryMs: 5_000,
  /** An upload that was not heard of for this long has been cut, milliseconds. */
  uploadSilentMs: 30_000,
  uploadBeatMs: 5_000,
  /** How often pending rows are looked at, and what is over is removed, milliseconds. */
  sweepEveryMs: 1_000,
  /** Chunks with pending rows looked at in one pass. */
  mostSettled: 50,
} as const;
