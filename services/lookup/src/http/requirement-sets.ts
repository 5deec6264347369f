import type { Catalogue, RequirementSet } from '@vouch/catalogue';
import { TerminalError } from '@vouch/errors';
import { isWithin } from '@vouch/identity';
import { differences, entryYearsOf } from '@vouch/rules';
import { describeSet, summaryOf, textIn, versionsOf } from '@vouch/what-if';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fromIssues, inOrder, toFault } from '../requests/faults.js';
import { guard } from './guard.js';
import { languageOf } from './language.js';
import type { HttpParts } from './parts.js';
import {
  differenceQuerySchema,
  differenceSchema,
  requirementSetSchema,
  requirementSetsQuerySchema,
  requirementSetsSchema,
  setParamsSchema,
} from './requirement-set-schemas.js';
import { json, problems } from './route-docs.js';

/** A set's address: its id has three parts, which are three parts of the path. An encoded slash would not get through many proxies. */
export const SET_URL = '/v1/requirement-sets/:region/:stage/:year';

/** The set that a path names. Throws `requirement_set_not_found`. */
export function setOf(catalogue: Catalogue, request: FastifyRequest): RequirementSet {
  const { region, stage, year } = request.params as z.infer<typeof setParamsSchema>;
  const set = catalogue.requirementSet(`${region}/${stage}/${year}`);
  if (!set) throw new TerminalError('requirement_set_not_found');
  return set;
}

/** `/v1/requirement-sets`: for everyone who is signed in, like the catalogue: rules are public. */
export function addRequirementSets(app: FastifyInstance, parts: HttpParts): void {
  const onRequest = guard(parts, {});
  const tags = ['requirement sets'];
  const security = [{ oauth2: [] }];
  const unchanged = { 304: z.null().meta({ description: 'Unchanged' }) };

  app.route({
    method: 'GET',
    url: '/v1/requirement-sets',
    onRequest,
    schema: {
      operationId: 'listRequirementSets',
      tags,
      summary: 'Which requirement sets there are',
      description: 'By id. Every token that is valid will do.',
      security,
      querystring: requirementSetsQuerySchema,
      response: { 200: json('Requirement sets', requirementSetsSchema), ...unchanged, ...problems(400) },
    },
    async handler(request, reply) {
      const catalogue = parts.catalogues.current;
      const { region, purpose, entryYear } = readQuery(requirementSetsQuerySchema, request);
      const sets = catalogue.requirementSets.filter(
        (set) =>
          (region === undefined || isWithin(set.region, region)) &&
          (purpose === undefined || set.purpose === purpose) &&
          (entryYear === undefined || entryYearsOf(set.rules).includes(entryYear)),
      );
      return sendKept(request, reply, catalogue, () => ({ catalogueVersion: catalogue.version, requirementSets: sets.map(summaryOf) }));
    },
  });

  app.route({
    method: 'GET',
    url: '/v1/requirement-sets/difference',
    onRequest,
    schema: {
      operationId: 'getRequirementSetDifference',
      tags,
      summary: 'How one set differs from another',
      description:
        'In words of `accept-language`: `zh-CN` unless said, or `en`. Notes, titles and sources do not count. With `fromCatalogue` also how a set differs from itself as it once was.',
      security,
      querystring: differenceQuerySchema,
      response: { 200: json('The differences', differenceSchema), ...unchanged, ...problems(400) },
    },
    async handler(request, reply) {
      const catalogue = parts.catalogues.current;
      const query = readQuery(differenceQuerySchema, request);
      const before = query.fromCatalogue === undefined ? catalogue : await parts.catalogueOf(query.fromCatalogue);
      if (!before) throw new TerminalError('request_invalid', { faults: [toFault(['fromCatalogue'], 'unknown_catalogue_version')] });
      const [from, to] = [before.requirementSet(query.from), catalogue.requirementSet(query.to)];
      if (!from || !to) {
        const faults = [...(from ? [] : ['from']), ...(to ? [] : ['to'])];
        throw new TerminalError('request_invalid', { faults: faults.map((name) => toFault([name], 'unknown_requirement_set')) });
      }
      const language = languageOf(request, reply);
      return sendKept(request, reply, catalogue, () => ({
        catalogueVersion: catalogue.version,
        ...(query.fromCatalogue !== undefined && { fromCatalogue: query.fromCatalogue }),
        from: from.id,
        to: to.id,
        differences: differences(from.rules, to.rules, catalogue.words).map(({ code, at, text }) => ({
          code,
          at,
          text: textIn(text, language),
        })),
      }));
    },
  });

  app.route({
    method: 'GET',
    url: SET_URL,
    onRequest,
    schema: {
      operationId: 'getRequirementSet',
      tags,
      summary: 'A county’s rules',
      description: 'The id is written as it is, with its slashes. Categories in words of `accept-language`, and the rules as data.',
      security,
      params: setParamsSchema,
      response: { 200: json('The set', requirementSetSchema), ...unchanged, ...problems(404) },
    },
    async handler(request, reply) {
      const catalogue = parts.catalogues.current;
      const set = setOf(catalogue, request);
      const language = languageOf(request, reply);
      return sendKept(request, reply, catalogue, () => ({ catalogueVersion: catalogue.version, ...describeSet(catalogue, set, language) }));
    },
  });

  app.route({
    method: 'GET',
    url: `${SET_URL}/versions`,
    onRequest,
    schema: {
      operationId: 'listRequirementSetVersions',
      tags,
      summary: 'The versions of a set',
      description: 'The sets that it follows and those that follow it, the newest first.',
      security,
      params: setParamsSchema,
      response: { 200: json('The versions', requirementSetsSchema), ...unchanged, ...problems(404) },
    },
    async handler(request, reply) {
      const catalogue = parts.catalogues.current;
      const set = setOf(catalogue, request);
      return sendKept(request, reply, catalogue, () => ({
        catalogueVersion: catalogue.version,
        requirementSets: versionsOf(set, catalogue.requirementSets).map(summaryOf),
      }));
    },
  });
}

function readQuery<T extends z.ZodType>(schema: T, request: FastifyRequest): z.output<T> {
  const query = schema.safeParse(request.query);
  if (!query.success) throw new TerminalError('request_invalid', { faults: inOrder(fromIssues(query.error.issues, request.query)) });
  return query.data;
}

/** Sends what stays the same as long as the catalogue does; it is not worked out for who has it already. */
function sendKept(request: FastifyRequest, reply: FastifyReply, { version }: Catalogue, make: () => unknown): FastifyReply {
  const language = reply.getHeader('content-language');
  const etag = language === undefined ? `"${version}"` : `"${version}-${String(language)}"`;
  void reply.header('etag', etag).header('cache-control', 'private, max-age=60');
  return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(make());
}
