{extends file="layout.tpl"}
{block name=body}
<h2 class="h4">Create a New Group</h2>
<form method="post" action="configproducts.php" class="standin-form">
  <input type="hidden" name="token" value="{$token}">
  <div class="form-group"><label for="name">Product Group Name</label><input class="form-control" id="name" name="name" required></div>
  <button class="btn btn-primary" type="submit" name="action" value="creategroup">Save Changes</button>
</form>
{/block}
