/** What generated clients call: openapi-fetch, under one roof with the rest of the runtime. */
export { default as createClient, type Client, type ClientOptions } from 'openapi-fetch';
