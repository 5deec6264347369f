import { LANGUAGES, type Language } from '@vouch/what-if';
import type { FastifyReply, FastifyRequest } from 'fastify';

const RANGE = /^\s*([a-z*][a-z0-9-]*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;

/** The language that an `accept-language` header likes best; the first of ours when it names none of them: an answer in another is better than none. */
export function chooseLanguage(header: string | undefined): Language {
  let best: { readonly language: Language; readonly quality: number } = { language: LANGUAGES[0], quality: 0 };
  for (const part of (header ?? '').split(',')) {
    const [, range = '', q = '1'] = RANGE.exec(part) ?? [];
    const quality = Number(q);
    const [primary = ''] = range.toLowerCase().split('-');
    const language = primary === '*' ? LANGUAGES[0] : LANGUAGES.find((one) => one.toLowerCase().split('-')[0] === primary);
    if (language && quality > best.quality) best = { language, quality };
  }
  return best.language;
}

/** The caller's language, told in the answer's head. */
export function languageOf(request: FastifyRequest, reply: FastifyReply): Language {
  const language = chooseLanguage(request.headers['accept-language']);
  void reply.header('content-language', language).header('vary', 'accept-language');
  return language;
}
