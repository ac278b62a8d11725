/**
 * Operators of expressions that a read may use. Source: the manual of MongoDB 8.3, reference/operator/aggregation,
 * compared with github.com/mongodb/mql-specifications of July 2026; reviewed.
 *
 * Left out on purpose: $function and $accumulator (JavaScript), $const and $_internal… (the server's own: some of them
 * read what the role should not see), $meta and others with arguments of their own (special-operators.ts).
 */
export const EXPRESSION_OPERATORS = `
  $abs $acos $acosh $add $allElementsTrue $and $anyElementTrue $arrayElemAt $arrayToObject $asin $asinh $atan $atan2
  $atanh $avg $binarySize $bitAnd $bitNot $bitOr $bitXor $bsonSize $ceil $cmp $concat $concatArrays $cond $cos $cosh
  $dayOfMonth $dayOfWeek $dayOfYear $degreesToRadians $divide $eq $exp $first $floor $gt $gte $hour $ifNull $in
  $indexOfArray $indexOfBytes $indexOfCP $isArray $isNumber $isoDayOfWeek $isoWeek $isoWeekYear $last $ln $log $log10
  $lt $lte $max $mergeObjects $millisecond $min $minute $mod $month $multiply $ne $not $objectToArray $or $pow
  $radiansToDegrees $range $reverseArray $round $second $setDifference $setEquals $setIntersection $setIsSubset
  $setUnion $sigmoid $sin $sinh $size $slice $split $sqrt $stdDevPop $stdDevSamp $strLenBytes $strLenCP $strcasecmp
  $substr $substrBytes $substrCP $subtract $subtype $sum $tan $tanh $toArray $toBool $toDate $toDecimal $toDouble
  $toHashedIndexKey $toInt $toLong $toLower $toObject $toObjectId $toString $toUpper $toUUID $trunc $tsIncrement
  $tsSecond $type $week $year
`;

/** Operators whose arguments have names, each an expression; those above too take one expression or a list. */
export const NAMED_ARGUMENTS = `
  $cond if then else
  $convert input to onError onNull format byteOrder base
  $createObjectId
  $dateAdd startDate unit amount timezone
  $dateDiff startDate endDate unit timezone startOfWeek
  $dateFromParts year isoWeekYear month isoWeek day isoDayOfWeek hour minute second millisecond timezone
  $dateFromString dateString format timezone onError onNull
  $dateSubtract startDate unit amount timezone
  $dateToParts date timezone iso8601
  $dateToString date format timezone onNull
  $dateTrunc date unit binSize timezone startOfWeek
  $dayOfMonth date timezone
  $dayOfWeek date timezone
  $dayOfYear date timezone
  $deserializeEJSON input onError
  $firstN input n
  $hash input algorithm
  $hexHash input algorithm
  $hour date timezone
  $isoDayOfWeek date timezone
  $isoWeek date timezone
  $isoWeekYear date timezone
  $lastN input n
  $ltrim input chars
  $maxN input n
  $median input method
  $millisecond date timezone
  $minN input n
  $minute date timezone
  $month date timezone
  $percentile input p method
  $rand
  $regexFind input regex options
  $regexFindAll input regex options
  $regexMatch input regex options
  $replaceAll input find replacement
  $replaceOne input find replacement
  $rtrim input chars
  $second date timezone
  $serializeEJSON input relaxed onError
  $setField field input value
  $similarityCosine vectors score
  $similarityDotProduct vectors score
  $similarityEuclidean vectors score
  $trim input chars
  $unsetField field input
  $week date timezone
  $year date timezone
  $zip inputs useLongestLength defaults
`;

/** Accumulators of $group, $bucket and $bucketAuto that take one expression. */
export const ACCUMULATORS = `
  $addToSet $avg $concatArrays $first $last $max $mergeObjects $min $push $setUnion $stdDevPop $stdDevSamp $sum
`;

/** Accumulators whose arguments have names, each an expression. */
export const NAMED_ACCUMULATORS = `
  $count
  $firstN input n
  $lastN input n
  $maxN input n
  $median input method
  $minN input n
  $percentile input p method
`;

/** $setWindowFields only: these take one expression or a list of two. */
export const WINDOW_OPERATORS = '$covariancePop $covarianceSamp $linearFill $locf';

/** $setWindowFields only: arguments have names. */
export const NAMED_WINDOW_OPERATORS = `
  $denseRank
  $derivative input unit
  $documentNumber
  $expMovingAvg input N alpha
  $integral input unit
  $minMaxScaler input min max
  $rank
  $shift output by default
`;

/** Operators that a query compares a field with and whose operand is plain data. */
export const QUERY_OPERATORS = `
  $all $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $box $center $centerSphere $eq $exists $geoIntersects
  $geoWithin $gt $gte $in $lt $lte $maxDistance $minDistance $mod $ne $near $nearSphere $nin $options $polygon $regex
  $size $type
`;

/** What $meta may ask for: scores, which say how well a document fits, and what shows fields of it. */
export const META_SCORES = 'textScore searchScore vectorSearchScore score scoreDetails searchScoreDetails';
export const META_FIELDS =
  'indexKey sortKey geoNearDistance geoNearPoint searchHighlights searchSequenceToken recordId';

/** System variables, besides ROOT and CURRENT. USER_ROLES, JS_SCOPE and IS_MR are left out on purpose. */
export const SYSTEM_VARIABLES = 'NOW CLUSTER_TIME REMOVE DESCEND PRUNE KEEP SEARCH_META';

/** Why operators that MongoDB has are refused. */
export const REFUSED_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['$where', 'runs JavaScript'],
  ['$function', 'runs JavaScript'],
  ['$accumulator', 'runs JavaScript'],
]);
