import { contract } from '@atlas/generated-bookings';
import { runService, serviceEnv } from '@atlas/runtime/service';

await runService(contract, {
  env: serviceEnv(process.env),
  handlers: {},
});
