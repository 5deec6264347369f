/** What the environment says about the real parts. */
export interface LocalConfig {
  /** `KAFKA_BROKERS`: `host:port`, several separated by commas. */
  readonly kafkaBrokers: string | undefined;
  /** `DATABASE_URL`: `postgres://…`. */
  readonly databaseUrl: string | undefined;
  /** `CI`: set to `true` where a missing part must fail the run. */
  readonly ci: boolean;
  /** `JAVA_HOME`: where to look for Java first. */
  readonly javaHome: string | undefined;
  /** `VOUCH_POSTGRES_BIN`: a folder with `initdb` and `postgres`, in place of the npm package's. */
  readonly postgresBin: string | undefined;
}

/** Reads the environment; empty values count as absent. */
export function readLocalConfig(env: NodeJS.ProcessEnv = process.env): LocalConfig {
  return {
    kafkaBrokers: env.KAFKA_BROKERS || undefined,
    databaseUrl: env.DATABASE_URL || undefined,
    ci: env.CI === 'true',
    javaHome: env.JAVA_HOME || undefined,
    postgresBin: env.VOUCH_POSTGRES_BIN || undefined,
  };
}
