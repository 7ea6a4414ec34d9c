<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="{$charset}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{$pagetitle|escape} - {$companyname|escape}</title>
  <link href="{$WEB_ROOT}/assets/bootstrap3/css/bootstrap.min.css" rel="stylesheet">
  <link href="{$WEB_ROOT}/assets/font-awesome/css/font-awesome.min.css" rel="stylesheet">
  <link href="{$WEB_ROOT}/assets/standin/standin.css" rel="stylesheet">
  <script>
    var csrfToken = '{$token}';
  </script>
  <script src="{$WEB_ROOT}/assets/jquery/jquery.min.js"></script>
  <script src="{$WEB_ROOT}/assets/bootstrap3/js/bootstrap.min.js"></script>
  <script src="{$WEB_ROOT}/assets/standin/standin.js" defer></script>
  {$headoutput}
</head>
<body data-phone-cc-input="1" class="six">
{include file="client/notice.tpl"}
<section id="header">
  <div class="container">
    <a href="{$WEB_ROOT}/index.php" class="logo">{$companyname|escape}</a>
  </div>
</section>
<section id="main-menu">
  <nav id="nav" class="navbar navbar-default navbar-main" role="navigation">
    <div class="container"><ul class="nav navbar-nav">{include file="client/menu.tpl"}</ul></div>
  </nav>
</section>
<section id="main-body">
  <div class="container">
    <div class="row">
      {$sidebars = ($primarySidebar && $primarySidebar->hasChildren()) || ($secondarySidebar && $secondarySidebar->hasChildren())}
      {if $sidebars}
      <div class="col-md-9 pull-md-right">
        <div class="header-lined"><h1>{$pagetitle|escape}</h1></div>
      </div>
      <div class="col-md-3 pull-md-left sidebar">{include file="client/sidebar.tpl" sidebar=$primarySidebar}</div>
      {/if}
      <div class="{if $sidebars}col-md-9 pull-md-right{else}col-xs-12{/if} main-content">
        {if !$sidebars}<div class="header-lined"><h1>{$pagetitle|escape}</h1></div>{/if}
