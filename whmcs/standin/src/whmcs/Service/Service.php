<?php

declare(strict_types=1);

namespace WHMCS\Service;

use Standin\ServiceProperties;

/** The model behind $params['model'], as far as modules use it. */
final class Service
{
    public int $id;
    public int $packageId;
    public int $userId;
    public ServiceProperties $serviceProperties;

    public function __construct(int $id, int $packageId, int $userId)
    {
        $this->id = $id;
        $this->packageId = $packageId;
        $this->userId = $userId;
        $this->serviceProperties = new ServiceProperties($id, $packageId);
    }
}
