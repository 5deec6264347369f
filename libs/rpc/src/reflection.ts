import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';

/** One .proto file as encoded by buf. */
interface ProtoFile {
  readonly name: string;
  readonly package: string;
  readonly imports: readonly string[];
  readonly bytes: Buffer;
}

// Its file, which comes with its package, is encoded by buf: what proto-loader makes of it does not hold its map, and strict clients refuse it.
const HEALTH = 'grpc.health.v1.Health';

type LoadedProtos = ConstructorParameters<typeof ReflectionService>[0];

let files: readonly ProtoFile[] | undefined;

/** Adds server reflection (v1 and v1alpha) for these services and health, and no file that they don't need. */
export function addReflection(server: Server, own: readonly string[]): void {
  const { resolve } = createRequire(import.meta.url);
  files ??= ['@vouch/proto/descriptors.binpb', '@vouch/proto/health.binpb'].flatMap((set) => readFiles(readFileSync(resolve(set))));
  const services = [...own, HEALTH];
  const fileDescriptorProtos = needed(files, services).map((file) => file.bytes);
  // ReflectionService takes what proto-loader makes of .proto files and looks at nothing but the encoded descriptors in it.
  const loaded = { vouch: { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos } };
  new ReflectionService(loaded as unknown as LoadedProtos, { services }).addToServer(server);
}

function needed(all: readonly ProtoFile[], services: readonly string[]): ProtoFile[] {
  const packages = new Set(services.map((service) => service.slice(0, service.lastIndexOf('.'))));
  const wanted = new Set<ProtoFile>();
  const want = (file: ProtoFile): void => {
    if (wanted.has(file)) return;
    wanted.add(file);
    for (const imported of all) if (file.imports.includes(imported.name)) want(imported);
  };
  for (const file of all) if (packages.has(file.package)) want(file);
  return [...wanted];
}

/** Splits a google.protobuf.FileDescriptorSet: `file` = 1; of each file `name` = 1, `package` = 2, `dependency` = 3. */
function readFiles(set: Uint8Array): ProtoFile[] {
  const read: ProtoFile[] = [];
  const reader = new BinaryReader(set);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) read.push(readFile(reader.bytes()));
    else reader.skip(wireType, field);
  }
  return read;
}

function readFile(bytes: Uint8Array): ProtoFile {
  const file = { name: '', package: '', imports: [] as string[], bytes: Buffer.from(bytes) };
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) file.name = reader.string();
    else if (field === 2) file.package = reader.string();
    else if (field === 3) file.imports.push(reader.string());
    else reader.skip(wireType, field);
  }
  return file;
}
