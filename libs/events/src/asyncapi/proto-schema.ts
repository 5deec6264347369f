import { createFileRegistry, type DescField, type DescMessage, type FileRegistry, fromBinary, ScalarType } from '@bufbuild/protobuf';
import { type FileDescriptorSet, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

/** A JSON schema, as far as proto3 JSON needs it. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** Makes JSON schemas of Protobuf messages, with the comments of the `.proto` files as descriptions. */
export interface ProtoSchemas {
  /** Schemas of a message and of those that it contains, by the message's short name. Throws when there is no such message. */
  of(typeName: string): Readonly<Record<string, Schema>>;
}

// Places in a file's descriptor, by the field numbers of descriptor.proto.
const MESSAGES = 4;
const FIELDS = 2;

/** Reads a descriptor set, as `buf build` writes it. */
export function readProtoSchemas(descriptors: Uint8Array): ProtoSchemas {
  const set = fromBinary(FileDescriptorSetSchema, descriptors);
  const registry: FileRegistry = createFileRegistry(set);
  const comments = readComments(set);

  function add(message: DescMessage, schemas: Record<string, Schema>): void {
    if (schemas[message.name]) return;
    const properties: Record<string, Schema> = {};
    schemas[message.name] = { type: 'object', description: comments.get(message.typeName), properties };
    for (const field of message.fields) {
      properties[field.jsonName] = { description: comments.get(`${message.typeName}.${field.name}`), ...toSchema(field) };
      if (field.message && !field.message.typeName.startsWith('google.')) add(field.message, schemas);
    }
  }

  return {
    of(typeName) {
      const message = registry.getMessage(typeName);
      if (!message) throw new Error(`There is no message ${typeName}`);
      const schemas: Record<string, Schema> = {};
      add(message, schemas);
      return schemas;
    },
  };
}

function toSchema(field: DescField): Schema {
  if (field.fieldKind === 'list')
    return { type: 'array', items: field.message ? messageSchema(field.message) : scalarSchema(field.scalar) };
  if (field.fieldKind === 'message') return messageSchema(field.message);
  if (field.fieldKind === 'scalar') return scalarSchema(field.scalar);
  throw new Error(`${field} is of a kind that events don't use`);
}

function messageSchema(message: DescMessage): Schema {
  if (message.typeName === 'google.protobuf.Timestamp') return { type: 'string', format: 'date-time' };
  return { $ref: `#/components/schemas/${message.name}` };
}

function scalarSchema(scalar: ScalarType | undefined): Schema {
  switch (scalar) {
    case ScalarType.STRING:
      return { type: 'string' };
    case ScalarType.BOOL:
      return { type: 'boolean' };
    case ScalarType.UINT32:
      return { type: 'integer', minimum: 0, maximum: 4_294_967_295 };
    case ScalarType.INT32:
      return { type: 'integer' };
    default:
      throw new Error(`Events don't use the scalar type ${scalar}`);
  }
}

/** Leading comments by the name of what they are about. */
function readComments(set: FileDescriptorSet): Map<string, string> {
  const comments = new Map<string, string>();
  for (const file of set.file) {
    for (const { path, leadingComments } of file.sourceCodeInfo?.location ?? []) {
      const [area, index, inside, fieldIndex] = path;
      if (area !== MESSAGES || index === undefined || !leadingComments) continue;
      const message = file.messageType[index];
      const name = `${file.package}.${message?.name}`;
      const text = leadingComments.trim().replaceAll(/\s*\n\s*/g, ' ');
      if (path.length === 2) comments.set(name, text);
      if (path.length === 4 && inside === FIELDS && fieldIndex !== undefined)
        comments.set(`${name}.${message?.field[fieldIndex]?.name}`, text);
    }
  }
  return comments;
}
