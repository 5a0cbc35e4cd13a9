from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('optimizer', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='recommendation',
            name='is_judged',
            field=models.BooleanField(default=False),
        ),
    ]
