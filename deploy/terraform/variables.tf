variable "namespace" {
  type    = string
  default = "opinion-market"
}

variable "hosts" {
  description = "Host names of the site; the first is its public address."
  type        = list(string)
}

variable "image" {
  type    = string
  default = "opinion-market"
}

variable "image_tag" {
  type    = string
  default = "0.1.0"
}

variable "secret_key" {
  description = "50 or more random characters."
  type        = string
  sensitive   = true
}

variable "database_url" {
  description = "PostgreSQL as the role of the programs, which may change no table."
  type        = string
  sensitive   = true
}

variable "owner_database_url" {
  description = "PostgreSQL as the owner of the tables, for migrations only."
  type        = string
  sensitive   = true
}

variable "redis_url" {
  type      = string
  sensitive = true
}

variable "email_url" {
  type      = string
  sensitive = true
  default   = ""
}

variable "values" {
  description = "Further values of the chart."
  type        = any
  default     = {}
}
