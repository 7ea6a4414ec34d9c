<?php

declare(strict_types=1);

namespace Standin;

use RuntimeException;
use Smarty;
use Smarty_Security;

/** Renders with Smarty: a new object each time, so that nothing leaks from page to page. */
final class View
{
    public const THEMES = ['six', 'twenty-one', 'nexus'];

    private Host $host;
    private string $theme;
    private string $compiled;

    public function __construct(Host $host, string $theme)
    {
        $this->host = $host;
        $this->theme = in_array($theme, self::THEMES, true) ? $theme : 'six';
        $this->compiled = (string) (getenv('STANDIN_COMPILED') ?: sys_get_temp_dir() . '/standin-compiled');
    }

    /**
     * A template of the module, found in the theme's folder first, as admins may override it.
     *
     * @param array<string, mixed> $variables
     */
    public function module(string $module, string $template, array $variables): string
    {
        $name = (string) preg_replace('/(?:\.tpl)?$/D', '.tpl', $template, 1);
        $folder = ROOTDIR . "/modules/servers/$module";
        $override = ROOTDIR . "/templates/$this->theme/modules/servers/$module/$name";
        foreach ([$override, "$folder/$name", "$folder/templates/$name"] as $file) {
            if (is_file($file)) {
                chdir(ROOTDIR);
                return $this->host->faults->guard(
                    "The template $name",
                    fn (): string => $this->smarty($variables)->fetch($file)
                );
            }
        }
        throw new RuntimeException("The module $module has no template $name.");
    }

    /**
     * A page of the theme.
     *
     * @param array<string, mixed> $variables
     */
    public function page(string $template, array $variables): string
    {
        return $this->smarty($variables, false)->fetch("$template.tpl");
    }

    /**
     * A page of the admin area, where every variable is escaped unless it says nofilter.
     *
     * @param array<string, mixed> $variables
     */
    public static function admin(string $template, array $variables): string
    {
        $smarty = new Smarty();
        $smarty->escape_html = true;
        $smarty->setTemplateDir(dirname(__DIR__) . '/templates/admin');
        $smarty->setCompileDir((string) (getenv('STANDIN_COMPILED') ?: sys_get_temp_dir() . '/standin-compiled'));
        $smarty->assign($variables);
        return $smarty->fetch("$template.tpl");
    }

    /** @param array<string, mixed> $variables */
    private function smarty(array $variables, bool $untrusted = true): Smarty
    {
        $smarty = new Smarty();
        $smarty->setTemplateDir([ROOTDIR . "/templates/$this->theme", ROOTDIR . '/templates']);
        $smarty->setCompileDir($this->compiled);
        if ($untrusted && $this->host->options->smartySecurity) {
            $policy = new Smarty_Security($smarty);
            $policy->secure_dir = [ROOTDIR . '/modules', ROOTDIR . '/templates'];
            $policy->php_functions = ['isset', 'empty', 'count', 'in_array', 'is_array'];
            $policy->static_classes = null;
            $smarty->enableSecurity($policy);
        }
        $smarty->assign(['template' => $this->theme] + $variables);
        return $smarty;
    }
}
