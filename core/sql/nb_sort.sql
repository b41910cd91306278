-- Norwegian order without a Norwegian locale: the key by which names are sorted.
--
-- The database sorts by code point (builtin C.UTF-8), where å comes before æ and every
-- capital before every small letter.  The key puts æ, ø and å after z, in the places of «{»,
-- «|» and «}», the characters that follow z; reads aa as å, as names are; takes the letters of
-- neighbors for the Norwegian ones (ä as æ, ö as ø, ü as y); and gives accents and Sámi letters
-- the place of their base letter.  Spaces stay, so that «de Vries» comes before «Devold», as
-- in ICU's nb-NO; other punctuation does not count.
--
-- Immutable, so that it can be indexed: create an index on nb_sort(name) where lists are long.
create or replace function nb_sort(name text) returns text
language sql immutable parallel safe strict
as $$
  select translate(
    replace(regexp_replace(normalize(lower(name), nfc), '[^[:alnum:] ]', '', 'g'), 'aa', 'å'),
    'æäøöőåáàâãąčćçđðéèêëęíìîïłŋñńóòôõřšśßŧþúùûüűýžźżħ',
    '{{|||}aaaaacccddeeeeeiiiilnnnoooorsssttuuuyyyzzzh'
  )
$$;
