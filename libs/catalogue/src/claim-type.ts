import type { RequestFault } from '@vouch/errors';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { ClaimType } from './types.js';

/** Codes of faults in parameters, with the text for the caller. */
export const PARAMETER_FAULTS = {
  required: 'This field is required',
  unknown_field: 'There is no such field',
  type_wrong: 'The value has the wrong JSON type',
  value_not_allowed: 'The value is not one of those allowed',
  format_invalid: 'The value does not have the required form',
  too_small: 'The value is smaller or shorter than allowed',
  too_large: 'The value is larger or longer than allowed',
  value_invalid: 'The claim type does not accept this value',
} as const;

type ParameterFault = keyof typeof PARAMETER_FAULTS;

/** Most bytes of a claim's parameters as JSON: the contract's limit on Query.parameters_json. */
export const MAX_PARAMETERS_BYTES = 4096;
const MAX_FAULTS = 20;
// A field name in a request can itself be personal data, so only what looks like a name is echoed in a pointer.
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

const CODE_BY_KEYWORD: Readonly<Record<string, ParameterFault>> = {
  required: 'required',
  dependentRequired: 'required',
  additionalProperties: 'unknown_field',
  unevaluatedProperties: 'unknown_field',
  propertyNames: 'unknown_field',
  type: 'type_wrong',
  enum: 'value_not_allowed',
  const: 'value_not_allowed',
  pattern: 'format_invalid',
  format: 'format_invalid',
  multipleOf: 'format_invalid',
  minimum: 'too_small',
  exclusiveMinimum: 'too_small',
  minLength: 'too_small',
  minItems: 'too_small',
  minProperties: 'too_small',
  maximum: 'too_large',
  exclusiveMaximum: 'too_large',
  maxLength: 'too_large',
  maxItems: 'too_large',
  maxProperties: 'too_large',
};

// One instance for all: it compiles the meta-schema of draft 2020-12 once.
const ajv = new Ajv2020({ allErrors: true, strict: false, logger: false });
formats.default(ajv);

/**
 * Compiles the parameters' schema once; `validate` is then cheap.
 * @throws when the schema is not a JSON Schema of draft 2020-12
 */
export function createClaimType(data: Omit<ClaimType, 'validate'>): ClaimType {
  // Schemas of several versions, or of a catalogue loaded anew, may carry the same $id; nothing refers to it.
  const { $id: _id, ...schema } = data.parametersSchema;
  const accepts = ajv.compile(schema);
  return {
    ...data,
    validate(parameters) {
      if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return [fault('', 'type_wrong')];
      if (!isSmall(parameters)) return [fault('', 'too_large')];
      return accepts(parameters) ? [] : toFaults(accepts.errors ?? []);
    },
  };
}

function isSmall(parameters: object): boolean {
  try {
    return Buffer.byteLength(JSON.stringify(parameters)) <= MAX_PARAMETERS_BYTES;
  } catch {
    // Nested deeper than the stack reaches, which is thousands of levels.
    return false;
  }
}

function toFaults(errors: readonly ErrorObject[]): RequestFault[] {
  const faults = new Map<string, RequestFault>();
  // What the branches of a union say contradicts itself; the union's own error stands for them.
  for (const error of errors.filter(({ schemaPath }) => !/\/(?:anyOf|oneOf|not|if)\//.test(schemaPath))) {
    const code = CODE_BY_KEYWORD[error.keyword] ?? 'value_invalid';
    const pointer = pointerOf(error);
    if (faults.size < MAX_FAULTS) faults.set(`${pointer} ${code}`, fault(pointer, code));
  }
  return faults.size > 0 ? [...faults.values()] : [fault('', 'value_invalid')];
}

function pointerOf(error: ErrorObject): string {
  const { missingProperty, additionalProperty, unevaluatedProperty } = error.params as Readonly<Record<string, string | undefined>>;
  const name = missingProperty ?? additionalProperty ?? unevaluatedProperty;
  const segments = error.instancePath.split('/').slice(1);
  if (name !== undefined) segments.push(name);
  const odd = segments.findIndex((segment) => !FIELD_NAME.test(segment) && !/^\d{1,4}$/.test(segment));
  return segments
    .slice(0, odd < 0 ? segments.length : odd)
    .map((segment) => `/${segment}`)
    .join('');
}

const fault = (pointer: string, code: ParameterFault): RequestFault => ({ pointer, code, detail: PARAMETER_FAULTS[code] });
