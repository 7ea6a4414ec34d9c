<!doctype html>
<html lang="en">
<head>
  <meta charset="{$charset}">
  <meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no">
  <title>{$pagetitle|escape} - {$companyname|escape}</title>
  <link href="{$WEB_ROOT}/assets/bootstrap4/css/bootstrap.min.css" rel="stylesheet">
  <link href="{$WEB_ROOT}/assets/font-awesome/css/font-awesome.min.css" rel="stylesheet">
  <link href="{$WEB_ROOT}/assets/standin/standin.css" rel="stylesheet">
  <script>
    var csrfToken = '{$token}';
  </script>
  <script src="{$WEB_ROOT}/assets/jquery/jquery.min.js"></script>
  <script src="{$WEB_ROOT}/assets/bootstrap4/js/bootstrap.bundle.min.js"></script>
  <script src="{$WEB_ROOT}/assets/standin/standin.js" defer></script>
  {$headoutput}
</head>
<body class="primary-bg-color {$template|escape}" data-phone-cc-input="1">
{include file="client/notice.tpl"}
<header id="header" class="header">
  <div class="navbar navbar-light">
    <div class="container"><a class="navbar-brand mr-3" href="{$WEB_ROOT}/index.php">{$companyname|escape}</a></div>
  </div>
  <div class="navbar navbar-expand main-navbar-wrapper">
    <div class="container"><ul id="nav" class="navbar-nav mr-auto">{include file="client/menu.tpl"}</ul></div>
  </div>
</header>
<section id="main-body">
  <div class="container">
    <div class="row">
      {$sidebars = ($primarySidebar && $primarySidebar->hasChildren()) || ($secondarySidebar && $secondarySidebar->hasChildren())}
      {if $sidebars}
      <div class="col-lg-4 col-xl-3"><div class="sidebar">{include file="client/sidebar.tpl" sidebar=$primarySidebar}</div></div>
      {/if}
      <div class="{if $sidebars}col-lg-8 col-xl-9{else}col-12{/if} primary-content">
        <h1 class="h3 mb-3">{$pagetitle|escape}</h1>
