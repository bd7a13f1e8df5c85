import { checked } from '../pipeline.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { registerSystem, type RegisterResult } from './register.ts';

export interface RegisterSpecsOptions {
  /** Path of atlas.config.yaml. */
  readonly config: string;
  /** SCHEMA_REGISTRY_URL, KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD, ATLAS_NAMESPACE. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dryRun?: boolean;
  readonly stage?: (name: string) => void;
}

/** `result` is absent where the specs have errors. */
export interface RegisteredSpecs {
  readonly result?: RegisterResult;
  /** Everything that was found, warnings too. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: ReadonlyMap<string, string>;
  /** Folder of the configuration; absent where that can't be used. */
  readonly root?: string;
}

/** `atlas register` for programs: reads and checks the specs, then registers them. */
export async function register({
  config,
  env,
  dryRun = false,
  stage = () => {},
}: RegisterSpecsOptions): Promise<RegisteredSpecs> {
  const { system, workspace, diagnostics, sources } = await checked(config, stage);
  const root = workspace ? { root: workspace.root } : {};
  if (!system) return { diagnostics, sources, ...root };
  const result = await registerSystem({ system, env, dryRun, stage });
  return { result, diagnostics: [...diagnostics, ...result.diagnostics], sources, ...root };
}
