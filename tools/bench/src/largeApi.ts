/**
 * An OpenAPI document like GitHub's: 1,200 operations with parameters and descriptions, 970 schemas of about twenty
 * members that refer to each other, 6 MB in JSON. The answers of Atlas's plumbing are declared once.
 */
export function largeApi({ operations = OPERATIONS, schemas = SCHEMAS } = {}): object {
  const things = Array.from({ length: schemas }, (_, index) => [`Thing${index}`, schemaOf(index, schemas)]);
  const paths = Object.fromEntries(Array.from({ length: operations }, (_, index) => pathOf(index, schemas)));
  const problem = { type: 'object', properties: { message: { type: 'string' }, status: { type: 'string' } } };
  const refused = {
    description: 'The request is refused.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Failure' } } },
  };
  return {
    openapi: '3.1.0',
    info: { title: 'A large API', version: '1.0.0' },
    security: [],
    paths,
    components: { schemas: { ...Object.fromEntries(things), Failure: problem }, responses: { Refused: refused } },
  };
}

const SCHEMAS = 970;
const OPERATIONS = 1_200;
const WORDS = 'A sentence of documentation, as long as they are in the descriptions of a large public API. '.repeat(3);

function schemaOf(index: number, schemas: number): object {
  const members = Array.from({ length: 20 }, (_, member): [string, object] => [
    `member_${member}`,
    { ...memberOf(index, member, schemas), description: WORDS.slice(0, 60) },
  ]);
  return {
    type: 'object',
    description: WORDS.slice(0, 120),
    required: ['member_0', 'member_1', 'member_2'],
    properties: Object.fromEntries(members),
  };
}

function memberOf(index: number, member: number, schemas: number): object {
  // the peer recurses along references, and overflows the stack on a longer chain
  if (member === 7 && index % 20 !== 19 && index + 1 < schemas)
    return { $ref: `#/components/schemas/Thing${index + 1}` };
  if (member === 8) return { type: 'array', items: { $ref: `#/components/schemas/Thing${index - (index % 20)}` } };
  if (member === 9) return { type: 'object', properties: { url: { type: 'string', format: 'uri' } } };
  if (member % 4 === 0) return { type: 'integer', examples: [1296269] };
  if (member % 4 === 1) return { type: 'string', enum: ['open', 'closed', 'all'] };
  return { type: ['string', 'null'], examples: ['octocat/Hello-World'] };
}

function pathOf(index: number, schemas: number): [string, object] {
  const json = (name: string): object => ({
    'application/json': {
      schema: { $ref: `#/components/schemas/${name}` },
      examples: { default: { value: { url: WORDS, nested: [WORDS, WORDS, WORDS, WORDS] } } },
    },
  });
  const parameters = ['owner', 'repo'].map((name) => ({
    name,
    in: 'path',
    required: true,
    description: WORDS.slice(0, 90),
    schema: { type: 'string' },
  }));
  const page = { name: 'page', in: 'query', description: WORDS.slice(0, 90), schema: { type: 'integer', default: 1 } };
  const operation = {
    operationId: `getThing${index}`,
    summary: 'Get a thing',
    description: WORDS,
    parameters: [...parameters, page],
    responses: {
      200: { description: 'Response', content: json(`Thing${index % schemas}`) },
      404: { description: 'Resource not found', content: json('Failure') },
      default: { $ref: '#/components/responses/Refused' },
    },
  };
  return [`/repos/{owner}/{repo}/things${index}`, { get: operation }];
}
