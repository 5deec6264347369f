/** Largest answer of the issuer, bytes. */
export const LARGEST_ISSUER_ANSWER = 256 * 1024;

/** `fetch` of an answer that is read whole, with a bound: throws when it is larger, and reads no further. */
export async function boundedFetch(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  const { status, statusText, headers } = answer;
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_ISSUER_ANSWER) throw new Error(`The answer is larger than ${LARGEST_ISSUER_ANSWER} bytes`);
    chunks.push(chunk);
  }
  const body = status === 204 || status === 304 ? null : Buffer.concat(chunks);
  return new Response(body, { status, statusText, headers: { 'content-type': headers.get('content-type') ?? '' } });
}
