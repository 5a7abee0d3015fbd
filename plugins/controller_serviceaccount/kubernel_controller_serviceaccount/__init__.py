"""Gives every namespace its ``default`` service account and the ConfigMap ``kube-root-ca.crt``."""

from kubernel_controller_serviceaccount.controller import ServiceAccountController, ServiceAccountSettings

__all__ = ["ServiceAccountController", "ServiceAccountSettings"]
