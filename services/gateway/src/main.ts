import { contract } from '@atlas/generated-gateway';
import { runProcess } from '@atlas/runtime/gateway';
import { gatewayEnv } from './env.ts';
import { startGateway } from './startGateway.ts';

const services = [...new Set(contract.routes.map(({ service }) => service))];

await runProcess('gateway', startGateway(contract, gatewayEnv(process.env, services)));
