"""What an algorithm needs of the machine it runs on."""
