export * from './gatewayFiles.ts';
