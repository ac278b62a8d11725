/** Where the shop sells, and what people are called there. Names are common ones, put together at random. */
export interface Region {
  readonly name: string;
  readonly country: string;
  readonly dialCode: string;
  /** How many of 100 customers live here, about. */
  readonly share: number;
  readonly cities: readonly string[];
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
}

const GERMAN_FIRST = ['Jürgen', 'Käthe', 'Anna', 'Björn', 'Maximilian', 'Sören', 'Lena', 'Günther', 'Zoë', 'Paul'];
const GERMAN_LAST = [
  'Müller',
  'Weiß',
  'Schröder',
  'Groß',
  'Bäcker',
  'Köhler',
  'Fuchs',
  'von der Heide',
  'Özil',
  'Jung',
];

export const REGIONS: readonly Region[] = [
  {
    name: 'Bayern',
    country: 'Germany',
    dialCode: '+49',
    share: 18,
    cities: ['München', 'Nürnberg', 'Würzburg', 'Fürth'],
    firstNames: GERMAN_FIRST,
    lastNames: [...GERMAN_LAST, 'Huber', 'Gruber'],
  },
  {
    name: 'Nordrhein-Westfalen',
    country: 'Germany',
    dialCode: '+49',
    share: 20,
    cities: ['Köln', 'Düsseldorf', 'Münster', 'Bonn'],
    firstNames: [...GERMAN_FIRST, 'Ayşe', 'Ömer'],
    lastNames: [...GERMAN_LAST, 'Yıldız'],
  },
  {
    name: 'Wien',
    country: 'Austria',
    dialCode: '+43',
    share: 6,
    cities: ['Wien'],
    firstNames: GERMAN_FIRST,
    lastNames: ['Österreicher', 'Nemec', 'Hölzl', 'Wiener', 'Prohaska'],
  },
  {
    name: 'Île-de-France',
    country: 'France',
    dialCode: '+33',
    share: 12,
    cities: ['Paris', 'Créteil', 'Saint-Denis', "L'Haÿ-les-Roses"],
    firstNames: ['François', 'Zoé', 'Hélène', 'Loïc', 'Maël', 'Chloé', 'Jean-Luc', 'Noémie'],
    lastNames: ["D'Artagnan", 'Lefèvre', 'Bâtard', 'Dupont', 'Gauthier', "L'Hôte", 'Côté'],
  },
  {
    name: 'Andalucía',
    country: 'Spain',
    dialCode: '+34',
    share: 8,
    cities: ['Málaga', 'Cádiz', 'Córdoba', 'Sevilla'],
    firstNames: ['José', 'Begoña', 'Íñigo', 'Lucía', 'Sofía', 'Andrés'],
    lastNames: ['Muñoz', 'Ibáñez', 'García López', 'Peña', 'Núñez', 'de la Cruz'],
  },
  {
    name: 'Małopolska',
    country: 'Poland',
    dialCode: '+48',
    share: 7,
    cities: ['Kraków', 'Tarnów', 'Oświęcim'],
    firstNames: ['Łukasz', 'Małgorzata', 'Zbigniew', 'Żaneta', 'Grażyna'],
    lastNames: ['Wałęsa', 'Kowalski', 'Wójcik', 'Żuraw', 'Dąbrowski'],
  },
  {
    name: 'İstanbul',
    country: 'Türkiye',
    dialCode: '+90',
    share: 5,
    cities: ['Kadıköy', 'Beşiktaş', 'Üsküdar'],
    firstNames: ['İbrahim', 'Çiğdem', 'Gülşen', 'Ayşe', 'Oğuz'],
    lastNames: ['Yılmaz', 'Şahin', 'Öztürk', 'Çelik'],
  },
  {
    name: 'Munster',
    country: 'Ireland',
    dialCode: '+353',
    share: 7,
    cities: ['Cork', 'Limerick', 'Dún Chaoin'],
    firstNames: ['Siobhán', 'Seán', 'Niamh', 'Oisín', 'Mary "Molly"', 'Patrick'],
    lastNames: ["O'Brien", "O'Connor", 'McCarthy', 'Ó Súilleabháin', "D'Arcy"],
  },
  {
    name: 'Skåne',
    country: 'Sweden',
    dialCode: '+46',
    share: 5,
    cities: ['Malmö', 'Lund', 'Ängelholm'],
    firstNames: ['Åsa', 'Göran', 'Märta', 'Linnéa', 'Björn'],
    lastNames: ['Ångström', 'Sjöberg', 'Lindqvist', 'Nyström'],
  },
  {
    name: '東京都',
    country: 'Japan',
    dialCode: '+81',
    share: 6,
    cities: ['新宿区', '渋谷区', '八王子市'],
    firstNames: ['太郎', '花子', '健一', 'さくら', '美咲', '翔'],
    lastNames: ['佐藤', '鈴木', '高橋', '渡邉', '小林'],
  },
  {
    name: '上海',
    country: 'China',
    dialCode: '+86',
    share: 4,
    cities: ['浦东新区', '徐汇区'],
    firstNames: ['伟', '芳', '秀英', '敏', '静'],
    lastNames: ['王', '李', '张', '刘', '陈'],
  },
  {
    name: '서울',
    country: 'South Korea',
    dialCode: '+82',
    share: 2,
    cities: ['강남구', '마포구'],
    firstNames: ['민준', '서연', '지우', '하은'],
    lastNames: ['김', '이', '박', '최'],
  },
];
