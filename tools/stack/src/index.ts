export { ensureKeys } from './auth/keys.ts';
export { KeycloakAdmin } from './keycloak/admin.ts';
export { login } from './keycloak/login.ts';
export { ensureNotedRealm } from './keycloak/notedRealm.ts';
export { mintToken, type TokenOptions } from './auth/mintToken.ts';
export { command } from './cli/command.ts';
export { progress } from './cli/progress.ts';
export { table } from './cli/table.ts';
export { deployContracts } from './deploy/contracts.ts';
export { listeningOf } from './deploy/listening.ts';
export { migrateService } from './deploy/migrate.ts';
export type { DeployOptions } from './deploy/options.ts';
export { gatewayProgram, type Program, programsOf } from './deploy/programs.ts';
export { type GatewayOptions, spawnGateway } from './deploy/spawnGateway.ts';
export { type ServiceProcess, spawnService, type SpawnOptions } from './deploy/spawnService.ts';
export { startSystem, type System, type SystemOptions } from './deploy/system.ts';
export { webhookSecret } from './deploy/webhookSecrets.ts';
export { untilReady } from './deploy/untilReady.ts';
export {
  type Credentials,
  type Issuer,
  type KeycloakInfo,
  readStack,
  serviceEnvironment,
  type ServiceDatabase,
  type StackInfo,
  throughSocket,
} from './info.ts';
export { isRecord } from './json.ts';
export { wheel } from './fetch/wheel.ts';
export { withAdmin } from './kafka/admin.ts';
export { type AclCatalog, grantAcls, type GrantOptions } from './kafka/acls.ts';
export { type DownOptions, stackDown } from './lifecycle/down.ts';
export type { Phase, Report } from './lifecycle/report.ts';
export { isUp, stackStatus } from './lifecycle/status.ts';
export { type RisingStack, stackUp, type UpOptions } from './lifecycle/up.ts';
export {
  type UsedRisingStack,
  type UsedStack,
  withRisingStack,
  withStack,
  type WithStackOptions,
} from './lifecycle/withStack.ts';
export {
  cloneDatabase,
  type CloneOptions,
  type DatabaseUrls,
  dropDatabase,
  migratedTemplate,
} from './postgres/clone.ts';
