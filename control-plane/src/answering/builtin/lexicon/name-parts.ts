/**
 * Words that names are made of, for names that run words together in one case ("surfacearea",
 * "birthdate", as PostgreSQL folds them). Four letters or more: shorter ones are found everywhere.
 */
export const NAME_PARTS: ReadonlySet<string> = new Set(
  `account actual address agency agent airline airport album amount area arrival artist author average balance
  billing birth block board body book branch brand budget building business capacity cargo carrier category chapter charge
  city client club code color company contact content contract cost count country course cover created creation
  credit current customer daily date debit delivery department departure description destination detail details device
  director discount distance district document domain driver duration email employee episode event expectancy expense
  family female file film final first flight follower form full game gender genre government grade group head height
  hire hired hotel house image income independence index indep industry invoice issue item label land language last
  lead league length level license life limit line list loan local location log manager market match maximum media
  member membership message minimum model money month name nation national net number office official opening order origin owner
  package page paid parent part party path payment percent percentage person phone place plan plate player point
  points policy population position post postal price primary priority process product production profit project property
  province publish purchase quantity rank rate rating reason record reference region register release rental rented report
  required result retail return revenue review road role room route salary sale sales school score season second section seller
  serial series service shape share shipped shipping show size song source speed sport staff stage start state station
  status stock stop store story street student study subject supplier support surface system table target task
  teacher team term text theme ticket time title total town track trade train transaction travel type unit update
  user username value vehicle vendor version view visit volume vote wage week weight width work worker year zone`
    .split(/\s+/)
    .filter((word) => word.length >= 4),
);
