# Opinion Market in a Kubernetes cluster that exists already, by the chart of this repository.
terraform {
  required_version = ">= 1.6"
  required_providers {
    helm       = { source = "hashicorp/helm", version = "~> 3.0" }
    kubernetes = { source = "hashicorp/kubernetes", version = "~> 2.38" }
  }
}

resource "kubernetes_namespace_v1" "market" {
  metadata {
    name   = var.namespace
    labels = { "pod-security.kubernetes.io/enforce" = "restricted" }
  }
}

resource "kubernetes_secret_v1" "app" {
  metadata {
    name      = "opinion-market"
    namespace = kubernetes_namespace_v1.market.metadata[0].name
  }
  data = {
    SECRET_KEY   = var.secret_key
    DATABASE_URL = var.database_url
    REDIS_URL    = var.redis_url
    EMAIL_URL    = var.email_url
  }
}

resource "kubernetes_secret_v1" "migration" {
  metadata {
    name      = "opinion-market-migration"
    namespace = kubernetes_namespace_v1.market.metadata[0].name
  }
  data = { DATABASE_URL = var.owner_database_url }
}

resource "helm_release" "market" {
  name       = "opinion-market"
  namespace  = kubernetes_namespace_v1.market.metadata[0].name
  chart      = "${path.module}/../helm/opinion-market"
  atomic     = true
  timeout    = 600
  values     = [yamlencode(merge({ hosts = var.hosts, image = { repository = var.image, tag = var.image_tag } }, var.values))]
  depends_on = [kubernetes_secret_v1.app, kubernetes_secret_v1.migration]
}
