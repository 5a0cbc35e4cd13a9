output "address" {
  value = "https://${var.hosts[0]}/"
}
