<?php

declare(strict_types=1);

namespace Standin\Web;

use Standin\Answer;
use Standin\Host;
use Standin\Limits;
use Standin\View;
use WHMCS\Database\Capsule;

/** The frame of the client area in the chosen theme. */
final class Shell
{
    private Host $host;

    public function __construct(Host $host)
    {
        $this->host = $host;
    }

    public static function theme(): string
    {
        $asked = $_GET['systpl'] ?? null;
        if (is_string($asked) && in_array($asked, View::THEMES, true)) {
            $_SESSION['Template'] = $asked;
        }
        return (string) ($_SESSION['Template'] ?? 'six');
    }

    public function view(): View
    {
        return new View($this->host, self::theme());
    }

    public static function clientId(): int
    {
        return (int) ($_SESSION['uid'] ?? 0);
    }

    /** @return array<string, mixed> the variables that every page has */
    public function base(string $filename): array
    {
        $client = Capsule::table('tblclients')->where('id', self::clientId())
            ->first(['firstname', 'lastname', 'email']);
        return [
            'WEB_ROOT' => '',
            'systemurl' => '/',
            'companyname' => 'Stand-in Host',
            'charset' => 'utf-8',
            'template' => self::theme(),
            'filename' => $filename,
            'language' => 'english',
            'token' => $this->host->tokens->generate('plain'),
            'loggedin' => $client !== null,
            'client' => (array) $client,
            'todaysdate' => date('l, jS F Y'),
            'breadcrumb' => [],
            'primarySidebar' => null,
            'secondarySidebar' => null,
            'cartcount' => count($_SESSION['cart']['products'] ?? []),
            'themes' => View::THEMES,
        ];
    }

    /** Renders an answer that names a template; leaves any other as it is. */
    public function render(Answer $answer): Answer
    {
        if ($answer->template === '') {
            return $answer;
        }
        $variables = $answer->variables + ['pagetitle' => ''] + $this->base('clientarea');
        $variables['templatefile'] = $answer->template;
        $variables['headoutput'] = implode("\n", $this->host->hooks->run('ClientAreaHeadOutput', $variables));
        $variables['footeroutput'] = implode("\n", $this->host->hooks->run('ClientAreaFooterOutput', $variables));
        $view = $this->view();
        $own = is_file(ROOTDIR . '/templates/' . self::theme() . "/$answer->template.tpl");
        $body = $view->page($own ? $answer->template : "client/$answer->template", $variables);
        $variables['faults'] = FaultBox::unseen($this->host->faults);
        return Answer::body(
            $view->page('header', $variables) . $body . $view->page('footer', $variables),
            $answer->status
        );
    }

    public function message(string $title, string $text, int $status): Answer
    {
        return Answer::page('message', ['pagetitle' => $title, 'text' => $text], $status);
    }

    public function limits(): Answer
    {
        return Answer::page('limits', ['pagetitle' => 'This is a stand-in', 'limits' => Limits::SENTENCES]);
    }
}
