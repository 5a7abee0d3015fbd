"""The controller of ResourceQuotas: writes into each how much is used."""

from kubernel_controller_resourcequota.controller import ResourceQuotaController, ResourceQuotaSettings

__all__ = ["ResourceQuotaController", "ResourceQuotaSettings"]
