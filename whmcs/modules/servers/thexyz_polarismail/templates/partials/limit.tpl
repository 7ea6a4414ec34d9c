{* limit: used and max of the plan, where 0 is no limit. *}
{if empty($limit.max)}{$pm.lang.limit_none|replace:'{used}':$limit.used|escape}{else}{$pm.lang.limit_of|replace:'{used}':$limit.used|replace:'{max}':$limit.max|escape}{/if}
