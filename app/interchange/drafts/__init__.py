"""Questions of ours while they are made of another program's: words and conditions are written when all are known."""
