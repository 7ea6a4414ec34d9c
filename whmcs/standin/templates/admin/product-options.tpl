<form method="post" action="configproducts.php" class="standin-form">
  <input type="hidden" name="token" value="{$token}"><input type="hidden" name="id" value="{$product->id}">
  <fieldset class="form-group"><legend class="h6">Assigned Option Groups</legend>
  {foreach $optiongroups as $group}<div class="form-check"><input class="form-check-input" type="checkbox" name="configoptionlinks[]" value="{$group->id}" id="group{$group->id}"{if in_array($group->id, $linked)} checked{/if}><label class="form-check-label" for="group{$group->id}">{$group->name}</label></div>
  {foreachelse}<p>There is no group yet: <a href="configproductoptions.php?action=managegroup">Create a New Group</a></p>{/foreach}
  </fieldset>
  <button class="btn btn-primary" type="submit" name="action" value="saveoptions">Save Changes</button>
</form>
