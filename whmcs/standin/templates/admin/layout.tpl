<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{$path} - Stand-in admin area</title>
  <link rel="stylesheet" href="/assets/bootstrap4/css/bootstrap.min.css">
  <link rel="stylesheet" href="/assets/standin/standin.css">
  <script>var csrfToken = '{$token}';</script>
  <script src="/assets/standin/standin.js" defer></script>
</head>
<body class="admin">
<p class="standin-notice">This is a stand-in for WHMCS, for tests and for trying. <a href="/standin.php">What it cannot prove</a></p>
{if $signedin}
<nav class="navbar navbar-expand navbar-dark bg-dark admin-menu" aria-label="Admin area">
  <ul class="navbar-nav">
    {foreach $menu as $label => $link}
    <li class="nav-item{if $label == $path} active{/if}"><a class="nav-link" href="/admin/{$link}"{if $label == $path} aria-current="page"{/if}>{$label}</a></li>
    {/foreach}
    <li class="nav-item"><a class="nav-link" href="/admin/logout.php">Logout</a></li>
  </ul>
</nav>
{/if}
<main class="container-fluid py-3">
  <h1 class="h3">{$path}</h1>
  {foreach $faults as $fault}
  <div class="standin-fault" role="alert"><strong>Fault of the module:</strong> {$fault}</div>
  {/foreach}
  {foreach $flash as $said}
  {* Printed as it is, as WHMCS does: a module must escape what it says. *}
  <div class="alert alert-{if $said.good}success{else}danger{/if}" role="status">{$said.text nofilter}</div>
  {/foreach}
  {block name=body}{/block}
</main>
</body>
</html>
