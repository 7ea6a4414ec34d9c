<p class="standin-notice">This is a stand-in for WHMCS, for tests and for trying. <a href="{$WEB_ROOT}/standin.php">What it cannot prove</a>
  <span class="standin-themes">Theme:{foreach $themes as $name} {if $name == $template}<strong>{$name}</strong>{else}<a href="{$WEB_ROOT}/clientarea.php?systpl={$name}">{$name}</a>{/if}{/foreach}</span></p>
{foreach $faults|default:[] as $fault}
<div class="standin-fault" role="alert"><strong>Fault of the module:</strong> {$fault|escape}</div>
{/foreach}
