/** What the shop sells: categories below groups, and the words that product names are put together of. */
export interface Category {
  readonly name: string;
  /** The beginning of its products' SKUs. */
  readonly code: string;
  /** What its products cost, in whole euros. */
  readonly prices: readonly [from: number, to: number];
  readonly things: readonly string[];
}

export interface CategoryGroup {
  readonly name: string;
  readonly categories: readonly Category[];
}

const category = (
  name: string,
  code: string,
  prices: readonly [number, number],
  things: readonly string[],
): Category => ({
  name,
  code,
  prices,
  things,
});

export const CATALOGUE: readonly CategoryGroup[] = [
  {
    name: 'Kitchen',
    categories: [
      category('Coffee & Tea', 'COF', [6, 90], ['Espresso Cups', 'Kaffeemühle', 'Teapot', 'Coffee Beans 1 kg', '急須']),
      category('Cookware', 'COO', [15, 180], ['Frying Pan', 'Dutch Oven', 'Wok', 'Paella Pan 34 cm', 'Crêpe Pan']),
      category('Knives', 'KNI', [12, 150], ["Chef's Knife", 'Bread Knife', '包丁', 'Paring Knife']),
    ],
  },
  {
    name: 'Home',
    categories: [
      category('Lamps', 'LAM', [19, 220], ['Desk Lamp', 'Floor Lamp', 'Lantern 🏮', 'Lampshade']),
      category('Textiles', 'TEX', [9, 120], ['Wool Blanket', 'Cushion 50×50', 'Curtain', 'Tablecloth']),
      category('Furniture', 'FUR', [60, 900], ['Bookshelf', 'Armchair', 'Side Table', 'Bücherregal', 'Stool']),
    ],
  },
  {
    name: 'Outdoor',
    categories: [
      category('Tents', 'TEN', [90, 600], ['Two-Person Tent', 'Family Tent', 'Tarp 3×3 m']),
      category('Backpacks', 'BAC', [35, 240], ['Daypack 20 l', 'Trekking Pack 65 l', 'Roll-Top Bag']),
      category('Bicycles', 'BIC', [250, 1900], ['City Bike', 'Gravel Bike', 'Children\'s Bike 20"', 'Folding Bike']),
    ],
  },
  {
    name: 'Electronics',
    categories: [
      category('Audio', 'AUD', [25, 420], ['Headphones', 'Loudspeaker', 'Turntable', 'Earbuds 🎧']),
      category('Cameras', 'CAM', [120, 1400], ['Compact Camera', 'Tripod', 'Lens 50 mm ƒ/1.8']),
    ],
  },
  {
    name: 'Books',
    categories: [
      category('Fiction', 'FIC', [8, 28], ['Novel', 'Short Stories', 'Roman „Der Weg“', '«L’Été»']),
      category('Cookbooks', 'CBK', [12, 45], ['Vegetarian Cookbook', 'Baking Book', 'Kochbuch für Anfänger']),
      category("Children's Books", 'CHI', [6, 25], ['Picture Book 🦊', 'Bedtime Stories', 'Märchen']),
    ],
  },
  {
    name: 'Toys',
    categories: [
      category('Board Games', 'BOA', [15, 70], ['Strategy Game', 'Family Game', '囲碁セット', 'Chess Set']),
      category('Puzzles', 'PUZ', [7, 40], ['Puzzle 1,000 Pieces', 'Wooden Puzzle', 'Jigsaw 50% Off-Cut']),
    ],
  },
];

export const BRANDS = [
  'Nordlicht',
  "O'Brien",
  'Größenwahn',
  '"Max"',
  '日和',
  'Café Olé',
  'Łódka',
  'Fuchs & Söhne',
  'Señora',
  'Ångstrom',
  'Bahar',
  'Simple',
] as const;

export const DESCRIPTIONS = [
  'Made to last, with a five-year guarantee.',
  'Our bestseller since the first day.',
  'Für drinnen und draußen.',
  "The one you'll reach for every day.",
  'Limited edition ✨',
  'Care: wipe with a damp cloth; not for the dishwasher.',
] as const;
