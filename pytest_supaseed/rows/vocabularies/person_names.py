"""First and last names from many parts of the world, some with letters beyond ASCII."""

from __future__ import annotations

from pytest_supaseed.rows.vocabularies import words

FIRST_NAMES = words(
    """
    Aaliyah Aaron Abena Abigail Ada Adam Adaeze Adrian Agata Agnès Ahmed Aiko Aisha Akira Alba Alejandro
    Alessia Alexei Alice Alina Amara Amina Amir Amit Ana Anders Andrea Andrei Aneta Angela Anika Anita Anja
    Anjali Anna Antonio Anya Ariel Arjun Arne Arthur Astrid Aurora Ayumi Aziz Beatriz Ben Bianca Birgit Björn
    Bogdan Brenda Bruno Calum Camila Carla Carlos Caroline Catarina Cecilia Chen Chiara Chidi Chloe Chloé
    Claire Clara Colin Cristina Daan Dagmar Daniel Daniela Dario David Deborah Deepa Diana Diego Dmitri Dorota
    Edith Eduardo Eileen Ekaterina Elena Eleni Elias Elif Elin Elisa Ella Emeka Emil Emily Emma Enrique Erik
    Esra Esther Ethan Eva Ewa Fabian Farah Fatima Felix Fernanda Filip Fiona Flora Florian Francesca Frank
    Freya Gabriel Gabriela Georgia Gerda Giulia Grace Grażyna Greta Guillaume Gustav Hana Hannah Harriet
    Haruto Hassan Heidi Helena Henrik Hiro Hugo Ibrahim Ida Ines Inès Ingrid Irina Isaac Isabel Ivan Iris Ivy
    Jack Jakub James Jan Jana Jasmin Javier Jelena Jens Jin Joana Joanna João Johan Jonas Jorge José Juan
    Judith Julia Julian Jun Jürgen Kaito Karen Karim Karin Karolina Katarina Kavya Kenji Khadija Kiran Klara
    Kofi Kristina Kwame Lamar Lara Lars Laszlo Laura Layla Lea Leah Leila Lena Leo Leonie Liam Lin Linda
    Linnea Livia Louis Louise Lucas Lucia Luis Luka Lukas Łukasz Lydia Maëlle Magdalena Magnus Mai Maja Malik
    Mara Marco Margaret Maria Marek Mariam Marina Mario Marta Martin Mary Mateo Mathias Maya Mehmet Mei Mia
    Miguel Mikael Mila Milan Min Miriam Mohamed Monika Morgan Nadia Naomi Natalia Nathan Neha Nia Nicolas
    Nicole Nikolai Nils Nina Noah Noor Nora Nuno Oksana Ola Olga Oliver Olivia Omar Oscar Oskar Paola Patricia
    Paul Paulo Pavel Pedro Peter Petra Philip Pilar Piotr Priya Rachel Rafael Rahul Rajesh Ramón Rania Rebecca
    Renata René Ricardo Rita Robert Rohan Rosa Rose Ruben Ruth Sabine Saki Salma Samir Samuel Sana Sandra
    Sanjay Sara Selim Selma Sergei Shreya Sigrid Silvia Simon Sofia Sophie Søren Stefan Stella Sunita Susana
    Sven Sylvia Takumi Tamara Tariq Tatiana Teresa Tess Thandiwe Theo Thomas Tiago Tomas Tove Ulrich Uma
    Ursula Valentina Vera Veronika Victor Vikram Viktor Violet Wanda Wei William Xavier Xiu Yara Yasmin Yuki
    Yusuf Yvonne Zahra Zainab Zofia Zoë Zuzana
    """
)
LAST_NAMES = words(
    """
    Abbott Abdi Achterberg Adeyemi Aguilar Ahlgren Akhtar Albrecht Almeida Alvarez Amadi Andersen Andersson
    Aoki Appiah Araújo Arslan Asante Aydin Bajwa Bakker Balogun Banerjee Barros Bauer Becker Beckett Berg
    Bergström Bernard Bhatt Bianchi Björk Boateng Borg Bose Boucher Brandt Braun Brennan Brooks Calder Campos
    Cardoso Carlsen Carvalho Castillo Chandra Chatterjee Chaudhry Chavez Cheng Chowdhury Christensen Claes
    Conti Cortez Costa Czarnecki Dahl Danso Das Delgado Demir Desai Diallo Dietrich Dlamini Domingo Duarte
    Dubois Dupont Dvořák Eckert Edwards Ekström Eriksen Escobar Evans Fabre Farouk Faruqi Fernandes Ferrari
    Fischer Fofana Fontaine Forsberg Foster Fournier Franke Fujita Gallagher Gallo Garcia Garner Ghosh Gill
    Girard González Gordon Greco Greene Grzelak Gupta Haddad Hagen Hakimi Hamada Hansen Harada Hartmann
    Hashemi Hassan Hayes Heikkinen Henriksen Herrera Hidalgo Hoang Hoffmann Holm Horvath Huang Hughes Hussain
    Ibarra Ikeda Inoue Ito Ivanova Iyer Jacobsen Jain Jansen Jensen Jiménez Johansson Joshi Jung Kamara
    Kaminski Kapoor Karlsson Kaur Keane Keller Khan Kimura Kjeldsen Klein Kobayashi Kowalczyk Kovač Kovács
    Kozlov Krüger Kumar Kuznetsov Lachance Larsen Laurent Lehmann Leone Lim Lindberg Lindqvist Lombardi Lopez
    Lund Machado Madsen Mahlangu Malik Manning Marchetti Marino Martínez Matsuda Mazur Moyo-Ross McAllister
    Medina Mehta Melo Mendoza Mensah Mercier Meyer Mishra Mohamud Molina Morales Moreau Moreno Mori Morton
    Mukherjee Müller Mwangi Nair Nakagawa Navarro Ndiaye Neumann Nguyen Nielsen Nkosi Novak Novotná Nowak
    Nunes Núñez O'Brien O'Connor Oduya Ogawa Okafor Okeke Oliveira Olsen Onyango Ortega Osei Östlund Otieno
    Owusu Palmer Papadakis Park Parker Patel Pavlov Pedersen Pereira Peters Petrov Pham Pinto Popescu Prakash
    Quinn Rahman Ramírez Rao Rasmussen Reddy Reinholt Ribeiro Richter Rinaldi Ríos Rivera Robles Romano Rossi
    Roux Roy Saito Salazar Salim Sánchez Sandhu Santos Sato Schäfer Schmidt Schneider Schröder Sen Serrano
    Shah Sharma Sharp Silva Simonsen Singh Sithole Sjöberg Soares Solberg Soto Sousa Stewart Strand Suarez
    Sundaram Suzuki Svensson Szabó Tembe Takeda Tan Tanaka Teixeira Tembo Thapa Thomsen Torres Tremblay Turner
    Ueda Ustinov Valdez Vargas Vasquez Vega Verma Vidal Virtanen Vogel Voss Wagner Walsh Wang Watanabe Weber
    Werner Winkler Wójcik Wong Wright Yadav Yamada Yilmaz Young Zajac Zeman Zhang Zhou Zimmermann
    """
)
JOB_TITLES = (
    "Account manager",
    "Accountant",
    "Architect",
    "Baker",
    "Bookkeeper",
    "Business analyst",
    "Carpenter",
    "Community manager",
    "Consultant",
    "Copywriter",
    "Customer support lead",
    "Data analyst",
    "Data engineer",
    "Designer",
    "Editor",
    "Electrician",
    "Engineering manager",
    "Event planner",
    "Finance director",
    "Head of operations",
    "HR partner",
    "Illustrator",
    "Librarian",
    "Logistics coordinator",
    "Marketing manager",
    "Mechanic",
    "Nurse",
    "Office manager",
    "Pharmacist",
    "Photographer",
    "Product manager",
    "Project manager",
    "QA engineer",
    "Recruiter",
    "Research assistant",
    "Sales representative",
    "Site reliability engineer",
    "Software engineer",
    "Surveyor",
    "Teacher",
    "Technical writer",
    "Translator",
    "UX researcher",
    "Warehouse supervisor",
)
DEPARTMENTS = (
    "Customer support",
    "Design",
    "Engineering",
    "Facilities",
    "Finance",
    "Human resources",
    "Legal",
    "Logistics",
    "Marketing",
    "Operations",
    "Procurement",
    "Product",
    "Quality",
    "Research",
    "Sales",
    "Training",
)
