import { DAY, formatDate, type Period, type Seconds } from './calendar.ts';
import { BRANDS, CATALOGUE, type Category, DESCRIPTIONS } from './catalogue.ts';
import { type Random, seededRandom } from './random.ts';
import { euros, roundAmount, type ShopRow } from './shop-rows.ts';

export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly categoryId: number;
  readonly description: string | null;
  /** Whole cents, as of today. */
  readonly unitPrice: number;
  readonly unitCost: number;
  readonly weightGrams: number | null;
  readonly stock: number;
  readonly discontinued: boolean;
  readonly launchedOn: Seconds;
}

type NumberedCategory =
  | { readonly kind: 'group'; readonly id: number; readonly name: string }
  | { readonly kind: 'category'; readonly id: number; readonly parentId: number; readonly category: Category };

/** Most products are there from the first day; the rest follow within this many. */
const LAUNCH_DAYS = 1_000;

/** Each group directly before its categories. */
function numberedCategories(): NumberedCategory[] {
  const all: NumberedCategory[] = [];
  for (const { name, categories } of CATALOGUE) {
    const parentId = all.length + 1;
    all.push({ kind: 'group', id: parentId, name });
    for (const category of categories) all.push({ kind: 'category', id: all.length + 1, parentId, category });
  }
  return all;
}

export function categoryRows(): ShopRow[] {
  return numberedCategories().map((entry) =>
    entry.kind === 'group' ? [entry.id, entry.name, null] : [entry.id, entry.category.name, entry.parentId],
  );
}

/** Every thing of every category by a few of the brands, so that no two products have the same name. */
export function makeProducts({ start }: Period): Product[] {
  const random = seededRandom('products');
  const products: Product[] = [];
  for (const entry of numberedCategories()) {
    if (entry.kind === 'group') continue;
    for (const thing of entry.category.things) {
      for (const brand of BRANDS.filter(() => random.chance(0.4))) {
        const id = products.length + 1;
        products.push(
          makeProduct({ id, name: `${brand} ${thing}`, categoryId: entry.id, category: entry.category }, start, random),
        );
      }
    }
  }
  return products;
}

interface ProductKind {
  readonly id: number;
  readonly name: string;
  readonly categoryId: number;
  readonly category: Category;
}

function makeProduct({ id, name, categoryId, category }: ProductKind, start: Seconds, random: Random): Product {
  const unitPrice = random.integer(...category.prices) * 100 - random.pick([0, 25, 25, 50]);
  return {
    id,
    sku: `${category.code}-${String(id).padStart(4, '0')}`,
    name,
    categoryId,
    description: random.chance(0.8) ? random.pick(DESCRIPTIONS) : null,
    unitPrice,
    unitCost: roundAmount(unitPrice * (0.4 + 0.3 * random.next())),
    weightGrams: random.chance(0.9) ? random.integer(5, 500) * 20 : null,
    stock: random.chance(0.06) ? 0 : random.integer(1, 400),
    discontinued: random.chance(0.05),
    launchedOn: random.chance(0.7)
      ? start - random.integer(0, 900) * DAY
      : start + random.integer(0, LAUNCH_DAYS) * DAY,
  };
}

export function productRow(product: Product): ShopRow {
  const { id, sku, name, categoryId, description, unitPrice, unitCost, weightGrams, stock } = product;
  const { discontinued, launchedOn } = product;
  return [
    id,
    sku,
    name,
    categoryId,
    description,
    euros(unitPrice),
    euros(unitCost),
    weightGrams,
    stock,
    discontinued,
    formatDate(launchedOn),
  ];
}
