<form method="post" action="configproducts.php" class="standin-form">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$product->id}">
  <fieldset class="form-group"><legend class="h6">Packages Upgrades</legend>
  {foreach $others as $other}<div class="form-check"><input class="form-check-input" type="checkbox" name="upgradepackages[]" value="{$other->id}" id="other{$other->id}"{if in_array($other->id, $upgrades)} checked{/if}><label class="form-check-label" for="other{$other->id}">{$other->name}</label></div>{/foreach}
  </fieldset>
  <div class="form-check mb-3"><input class="form-check-input" type="checkbox" id="configoptionsupgrade" name="configoptionsupgrade" value="on"{if $product->configoptionsupgrade} checked{/if}><label class="form-check-label" for="configoptionsupgrade">Configurable Options: tick this box to allow upgrading/downgrading</label></div>
  <button class="btn btn-primary" type="submit" name="action" value="saveupgrades">Save Changes</button>
</form>
