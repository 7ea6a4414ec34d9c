{if $domain}
<div class="tab-pane fade {$shown} text-center" id="domain">
  <p>Domain: {$domain}</p>
  {if $username}<p>Username: {$username}</p>{/if}
  {if $serverdata}<p>Server Name: {$serverdata.hostname|default:''|escape}</p>{/if}
  <p><a href="http://{$domain}" class="btn btn-default" target="_blank" rel="noopener">Visit Website</a></p>
  {if $moduleclientarea}<div class="text-center module-client-area">{$moduleclientarea}</div>{/if}
</div>
{elseif $moduleclientarea}
<div class="tab-pane fade {$shown} text-center" id="manage"><div class="text-center module-client-area">{$moduleclientarea}</div></div>
{/if}
{if $configurableoptions}<div class="tab-pane fade" id="configoptions">{foreach $configurableoptions as $option}<p><strong>{$option.optionname}</strong> {if $option.optiontype == 3 || $option.optiontype == 4}{$option.selectedqty}{else}{$option.selectedoption}{/if}</p>{/foreach}</div>{/if}
{if $customfields}<div class="tab-pane fade" id="additionalinfo">{foreach $customfields as $field}<p><strong>{$field.name}</strong> {$field.value}</p>{/foreach}</div>{/if}
{if $lastupdate}<div class="tab-pane fade text-center" id="resourceusage"><p>Disk space: {$diskusage} MB of {$disklimit} MB ({$diskpercent})</p><p class="text-muted">Last updated {$lastupdate}</p></div>{/if}
