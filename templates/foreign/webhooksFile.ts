import { code, comment, ident, lit, member, type Code, type HttpApi, type StatusRange } from '@atlas/ir';
import { partName } from '../http/operationFile.ts';

/** webhooks/index.ts: a function for each webhook, which sends it once with a signature by Standard Webhooks. */
export function webhooksFile({ webhooks }: Pick<HttpApi<StatusRange>, 'webhooks'>): Code {
  return code`
    import { webhookSenders, type SenderOptions, type SendWebhook } from '@atlas/runtime/webhooks';
    import * as validators from '../http/compiled/validators.js';
    import type { webhooks } from '../http/types.ts';

    /** A function for each webhook. It sends one delivery; the caller decides whether to send another one. */
    export interface Webhooks {
      ${webhooks.flatMap(({ id, name, summary, mediaType }) => [
        comment(`${summary === undefined ? '' : `${summary.trim().replace(/[.]?$/, '.')} `}${name}`),
        code`readonly ${ident(id)}: SendWebhook<NonNullable<webhooks[${lit(name)}]['post']['requestBody']>['content'][${lit(mediaType)}]>;`,
      ])}
    }

    export const webhookSender = (options: SenderOptions): Webhooks => webhookSenders<Webhooks>(WEBHOOKS, options);

    const WEBHOOKS = {
      ${webhooks.map(
        ({ id, name, mediaType }) =>
          code`${ident(id)}: { name: ${lit(name)}, mediaType: ${lit(mediaType)}, validate: validators${member(partName.webhook(id))} },`,
      )}
    } as const;
  `;
}
