import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { StackInfo } from '../info.ts';
import { webhookSecret, webhookSecrets } from './webhookSecrets.ts';

const root = mkdtempSync(join(tmpdir(), 'atlas-webhook-secrets-'));
afterAll(() => rmSync(root, { recursive: true }));
const privateJwkFile = join(root, 'private.jwk.json');
writeFileSync(privateJwkFile, '{"kty":"EC"}');
mkdirSync(join(root, 'generated'));
const operations = [{ id: 'receive', webhook: 'frontDesk' }, { id: 'list' }];
writeFileSync(join(root, 'generated/catalog.json'), JSON.stringify({ services: [{ name: 'desk', operations }] }));
const auth: StackInfo['auth'] = { issuer: 'i', jwksFile: 'j', privateJwkFile, audiences: [] };
// cast: only the keys are read
const info = { auth } as StackInfo;

describe('the secrets of signed webhooks on a stack', () => {
  it('are the same for the service that takes them and the program that sends them', () => {
    const secret = webhookSecret(info, 'frontDesk');
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhookSecrets(info, 'desk', root)).toEqual({ ATLAS_WEBHOOK_SECRETS_FRONT_DESK: secret });
    expect(webhookSecrets(info, 'other', root)).toEqual({});
    expect(webhookSecrets(info, 'desk', join(root, 'elsewhere'))).toEqual({});
  });

  it('differ by scheme', () => {
    expect(webhookSecret(info, 'backDesk')).not.toBe(webhookSecret(info, 'frontDesk'));
  });
});
