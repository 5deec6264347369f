import { createHash } from 'node:crypto';
import type { Catalogue } from '@vouch/catalogue';
import { TerminalError } from '@vouch/errors';
import {
  createEvidenceLists,
  type EvidenceLists,
  type Language,
  PAGE_STYLE,
  type RegionLists,
  toMarkdown,
  toPage,
} from '@vouch/evidence-lists';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fromIssues, inOrder } from '../requests/faults.js';
import { PROBLEM_TYPE } from '../requests/problem.js';
import { chooseType } from './accept.js';
import { evidenceListsSchema } from './evidence-list-schemas.js';
import type { HttpParts } from './parts.js';
import { problemSchema } from './schemas.js';

const TYPES = ['application/json', 'text/html', 'text/markdown'] as const;
const LANGUAGES = ['zh-CN', 'en'] as const satisfies readonly Language[];
const REGION = /^\d{2,12}$/;

const querySchema = z.strictObject({
  lang: z
    .enum(LANGUAGES)
    .optional()
    .meta({ description: 'Of the page and of Markdown; by Accept-Language unless said, else zh-CN. JSON has both' }),
});

// The page carries its style itself; nothing else may be loaded or run.
const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** `GET /evidence-lists/{region}`: for everybody, since it is what a county publishes; it says nothing about anyone. */
export function addEvidenceLists(app: FastifyInstance, parts: HttpParts): void {
  let known: { readonly version: string; readonly lists: EvidenceLists } | undefined;
  const listsOf = (catalogue: Catalogue, region: string): RegionLists | undefined => {
    const { version, requirementSets, evidence, words, legalBasisOf } = catalogue;
    if (known?.version !== version) {
      const sets = requirementSets.map(({ rules }) => rules);
      known = { version, lists: createEvidenceLists({ sets, evidence, words, basisOf: legalBasisOf }) };
    }
    return known.lists.of(region);
  };

  app.route<{ Params: { region: string } }>({
    method: 'GET',
    url: '/evidence-lists/:region',
    schema: {
      operationId: 'getEvidenceLists',
      tags: ['catalogue'],
      summary: 'What families need at enrolment, why, and who supplies it',
      description:
        'Of every requirement set of a region, or of the nearest region around it that has some: JSON, Markdown or a page, by `Accept`. Nobody needs to sign in.',
      security: [],
      params: z.object({ region: z.string().meta({ description: 'GB/T 2260 code', examples: ['370102'] }) }),
      querystring: querySchema,
      response: {
        200: {
          description: 'The lists',
          content: {
            'application/json': { schema: evidenceListsSchema },
            'text/html': { schema: z.string() },
            'text/markdown': { schema: z.string() },
          },
        },
        304: z.null().meta({ description: 'Unchanged' }),
        ...problemsOf(
          [400, 'The language is none of those'],
          [404, 'No list for this region'],
          [406, 'None of the accepted media types can be served'],
        ),
      },
    },
    async handler(request, reply) {
      const query = querySchema.safeParse(request.query);
      if (!query.success) throw new TerminalError('request_invalid', { faults: inOrder(fromIssues(query.error.issues, request.query)) });
      const type = chooseType(request.headers.accept, TYPES);
      if (type === undefined) throw new TerminalError('not_acceptable');
      const { region } = request.params;
      const catalogue = parts.catalogues.current;
      const found = REGION.test(region) ? listsOf(catalogue, region) : undefined;
      if (!found) throw new TerminalError('evidence_list_not_found');
      const language = query.data.lang ?? languageOf(request.headers['accept-language']);
      const etag = `"${catalogue.version}-${type.split('/')[1]}-${language}"`;
      void reply.headers({ etag, vary: 'accept, accept-language', 'cache-control': 'public, max-age=300' });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      if (type === 'application/json') return reply.send(found);
      void reply.header('content-language', language).type(`${type}; charset=utf-8`);
      if (type === 'text/markdown') return reply.send(toMarkdown(found, language));
      return reply.header('content-security-policy', PAGE_POLICY).send(toPage(found, language));
    },
  });
}

/** The language that a header likes best, of those that there are. */
function languageOf(accepted: string | undefined): Language {
  const liked = (accepted ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...more] = part.trim().toLowerCase().split(';');
      const quality = more.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((one) => one);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  const first = liked.map(({ tag }) => LANGUAGES.find((language) => language.split('-')[0] === tag.split('-')[0])).find((one) => one);
  return first ?? 'zh-CN';
}

const problemsOf = (...problems: readonly (readonly [status: number, description: string])[]) =>
  Object.fromEntries(
    problems.map(([status, description]) => [status, { description, content: { [PROBLEM_TYPE]: { schema: problemSchema } } }]),
  );
