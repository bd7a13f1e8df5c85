import { html, type Html } from '@atlas/runtime/html';

const SVG = 'http://www.w3.org/2000/svg';
/** Attributes that are not needed: the picture has a title and a description, and the page has the style. */
const LEFT_OUT = /^(aria-|class$|xmlns|font-family$)/;
const LONG_FRACTION = /-?\d+\.\d{3,}(?:e-?\d+)?/g;

/**
 * The part of a DOM that Observable Plot needs for drawing. A DOM library would take about ten times as long to load.
 * Using anything else of a DOM fails with a TypeError. `html` escapes its text.
 */
export class SvgElement {
  readonly namespaceURI = SVG;
  readonly ownerDocument: SvgDocument;
  readonly nodeName: string;
  readonly #attributes = new Map<string, string>();
  #children: (SvgElement | SvgText)[] = [];

  constructor(ownerDocument: SvgDocument, nodeName: string) {
    this.ownerDocument = ownerDocument;
    this.nodeName = nodeName;
  }

  get children(): readonly SvgElement[] {
    return this.#children.filter((child) => child instanceof SvgElement);
  }

  set textContent(text: string) {
    this.#children = [new SvgText(text)];
  }

  setAttribute(name: string, value: unknown): void {
    this.#attributes.set(name, String(value));
  }

  getAttribute(name: string): string | null {
    return this.#attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name);
  }

  removeAttribute(name: string): void {
    this.#attributes.delete(name);
  }

  appendChild<Child extends SvgElement | SvgText>(child: Child): Child {
    this.#children.push(child);
    return child;
  }

  /** d3 gives the child before which to insert; null means the end. */
  insertBefore<Child extends SvgElement | SvgText>(child: Child, next: SvgElement | SvgText | null): Child {
    const at = next === null ? -1 : this.#children.indexOf(next);
    this.#children.splice(at < 0 ? this.#children.length : at, 0, child);
    return child;
  }

  /** The content without styles of the library, because the page has its own style. */
  inner(): Html {
    return html`${this.#children.map((child) =>
      child instanceof SvgText ? child.data : child.nodeName === 'style' ? '' : child.outer(),
    )}`;
  }

  outer(): Html {
    const attributes = [...this.#attributes].filter(([name]) => !LEFT_OUT.test(name));
    return html`<${this.nodeName}${attributes.map(([name, value]) => html` ${name}="${rounded(value)}"`)}>${this.inner()}</${this.nodeName}>`;
  }
}

/** Rounds numbers, because a hundredth of a pixel cannot be seen. */
function rounded(value: string): string {
  return value.replace(LONG_FRACTION, (found) => String(Math.round(Number(found) * 100) / 100));
}

class SvgText {
  readonly data: string;

  constructor(data: unknown) {
    this.data = String(data);
  }
}

export class SvgDocument {
  readonly documentElement = new SvgElement(this, 'svg');

  createElementNS(_namespace: string, name: string): SvgElement {
    return new SvgElement(this, name);
  }

  createTextNode(text: unknown): SvgText {
    return new SvgText(text);
  }
}
